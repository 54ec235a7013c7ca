"""What the operations centre is told of who sent a report: that somebody did, and who looked."""

from collections.abc import Sequence
from typing import Any

from feedback.extensions import db
from feedback.storage.models import Report
from feedback.storage.queries import privacy
from feedback.web.staff import people
from feedback.web.staff.history import Line
from feedback.wording import _


def contact_left(report: Report) -> dict[str, Any] | None:
    """Which ways of reaching the reporter there are; None for everybody but the dispatchers."""
    if not people.is_dispatcher():
        return None
    row = privacy.given_contact(db.session(), report.id)
    return {
        "given": row is not None,
        "email": row is not None and bool(row.email_index or row.email),
        "phone": row is not None and bool(row.phone_index or row.phone),
    }


def with_looks(report: Report, lines: Sequence[Line]) -> Sequence[Line]:
    """A history with each look at the reporter's identity in its place, for the dispatchers."""
    if not people.is_dispatcher():
        return lines
    looks = [
        Line(
            what=_("Looked at who sent the report"),
            who=entry.account.name if entry.account else _("the operations centre"),
            at=entry.at,
            claimed_at=None,
            note=entry.reason,
            internal=True,
        )
        for entry in privacy.openings_of(db.session(), report.id)
    ]
    return sorted([*lines, *looks], key=lambda line: line.at) if looks else lines
