"""Who was told of a report, for the dispatchers: no name, no address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.notices import NoticeState
from feedback.extensions import db
from feedback.storage.models import Report
from feedback.storage.queries import notices
from feedback.web.notices import kind_word, recipient_word, state_word
from feedback.web.staff import people


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as a dispatcher sees it."""

    what: str
    whom: str
    how_far: str
    at: datetime
    given_up: bool


def who_was_told(report: Report) -> Sequence[Told]:
    """The notices of a report, newest first; nothing for everybody but the dispatchers."""
    if not people.is_dispatcher():
        return ()
    return [
        Told(
            what=kind_word(notice.kind),
            whom=recipient_word(notice.recipient),
            how_far=state_word(notice.state, notice.problem),
            at=notice.settled_at or notice.created_at,
            given_up=notice.state is NoticeState.GIVEN_UP,
        )
        for notice in notices.of_report(db.session(), report.id)
    ]
