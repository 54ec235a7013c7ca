"""Lines of the privacy record, written in the transaction of the deed itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.errors import Invalid
from feedback.domain.privacy import LONGEST_REASON, SHORTEST_REASON, PrivacyDeed
from feedback.domain.text import normalise
from feedback.storage.models import PrivacyEntry


def note_deed(
    session: Session,
    deed: PrivacyDeed,
    now: datetime,
    *,
    account_id: int | None = None,
    report_id: int | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one line; nothing of the personal data itself belongs into it."""
    session.add(
        PrivacyEntry(
            at=now,
            deed=deed,
            account_id=account_id,
            report_id=report_id,
            reason=reason,
            data=dict(data or {}),
        )
    )


def checked_reason(text: str) -> str:
    """A reason as it is kept. Raises Invalid naming `reason` for none, or one that says nothing."""
    reason = normalise(text)
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": "required"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long"})
    return reason
