"""Who is told of what: notices follow from history, so that no use case has to know of them.

Every kind of history entry stands in one of two tables: `TOLD` says which notices it leads to, and
for whom; `TOLD_TO_NOBODY` says why it leads to none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from feedback.domain.histories import HistoryKind


class NoticeKind(StrEnum):
    """What a notice says; each has its own letter."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    QUESTION = "question"
    CLOSED = "closed"
    PROMISE_KEPT = "promise_kept"
    LETTER = "letter"
    REOPENED = "reopened"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    OF_ITS_OWN = "of_its_own"
    EXTENDED = "extended"
    FOLLOWED_CLOSED = "followed_closed"
    ASSIGNED = "assigned"
    SENT_BACK = "sent_back"
    RETURNED = "returned"
    QUESTION_ANSWERED = "question_answered"
    REQUESTED = "requested"
    REQUEST_REFUSED = "request_refused"
    DUE_TOMORROW = "due_tomorrow"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    CONFIRM_FOLLOWING = "confirm_following"
    PASSWORD_GIVEN = "password_given"  # noqa: S105 (a word, no secret)
    SECOND_FACTOR_RESET = "second_factor_reset"
    PERIOD_REPORT = "period_report"


class Audience(StrEnum):
    """For whom a notice is, seen from the report."""

    REPORTER = "reporter"
    FOLLOWERS = "followers"  # reporters of its duplicates, and whoever asked to be told
    UNIT = "unit"  # the entry's unit: its heads and its duty contact
    NAMED = "named"  # the account the entry names
    HANDLER = "handler"  # the assignment's handler, or the unit where it has none
    DISPATCHERS = "dispatchers"


class Recipient(StrEnum):
    """What kind of row a notice is addressed to; the address itself is read when it is sent."""

    REPORTER = "reporter"
    ACCOUNT = "account"
    UNIT = "unit"
    FOLLOWER = "follower"


class Reach(StrEnum):
    """What a channel must know of somebody in order to reach them."""

    EMAIL = "email"
    PHONE = "phone"


class NoticeState(StrEnum):
    """A notice waits to be sent, was taken by its channel, or will never arrive."""

    PENDING = "pending"
    SENT = "sent"
    GIVEN_UP = "given_up"


class GivenUp(StrEnum):
    """Why a notice was given up."""

    NO_ADDRESS = "no_address"  # taken back or erased before it was sent
    BAD_ADDRESS = "bad_address"  # it cannot be written to at all
    ADDRESS_REFUSED = "address_refused"  # the other side does not know it
    MESSAGE_REFUSED = "message_refused"  # the other side does not take the message


@dataclass(frozen=True, slots=True)
class Told:
    """One notice an entry leads to."""

    notice: NoticeKind
    audience: Audience


_K, _N, _A = HistoryKind, NoticeKind, Audience

TOLD: Mapping[HistoryKind, tuple[Told, ...]] = {
    _K.RECEIVED: (Told(_N.RECEIVED, _A.REPORTER),),
    _K.DISPATCHED: (Told(_N.DISPATCHED, _A.REPORTER), Told(_N.ASSIGNED, _A.UNIT)),
    _K.HANDLER_NAMED: (Told(_N.ASSIGNED, _A.NAMED),),
    _K.QUESTION_ASKED: (Told(_N.QUESTION, _A.REPORTER),),
    _K.QUESTION_ANSWERED: (Told(_N.QUESTION_ANSWERED, _A.HANDLER),),
    _K.CITIZEN_WROTE: (Told(_N.QUESTION_ANSWERED, _A.HANDLER),),
    _K.DUE_MOVED: (Told(_N.EXTENDED, _A.REPORTER),),
    _K.SENT_BACK: (Told(_N.SENT_BACK, _A.HANDLER),),
    _K.TRANSFER_PROPOSED: (Told(_N.REQUESTED, _A.DISPATCHERS),),
    _K.EXTENSION_ASKED: (Told(_N.REQUESTED, _A.DISPATCHERS),),
    _K.REQUEST_REFUSED: (Told(_N.REQUEST_REFUSED, _A.HANDLER),),
    _K.RETURNED: (Told(_N.RETURNED, _A.DISPATCHERS),),
    _K.CLOSED: (Told(_N.CLOSED, _A.REPORTER), Told(_N.FOLLOWED_CLOSED, _A.FOLLOWERS)),
    _K.PROMISE_KEPT: (
        Told(_N.PROMISE_KEPT, _A.REPORTER),
        Told(_N.PROMISE_KEPT, _A.FOLLOWERS),
    ),
    _K.LETTER_SIGNED: (Told(_N.LETTER, _A.REPORTER),),
    _K.REOPENED: (Told(_N.REOPENED, _A.REPORTER),),
    _K.REJECTED: (Told(_N.REJECTED, _A.REPORTER),),
    _K.REJECTION_UPHELD: (Told(_N.REJECTED, _A.REPORTER),),
    _K.MARKED_DUPLICATE: (Told(_N.DUPLICATE, _A.REPORTER),),
    _K.DUPLICATE_UNDONE: (Told(_N.OF_ITS_OWN, _A.REPORTER),),
}

TOLD_TO_NOBODY: Mapping[HistoryKind, str] = {
    _K.CATEGORISED: "the notice of the dispatch that follows names the category",
    _K.ROUTED: "it says why the dispatch beside it went where it went",
    _K.ROUND_STARTED: "the notice of the dispatch beside it names the deadline",
    _K.LEAD_NAMED: "who leads is the city's own order",
    _K.ACCEPTED: "the reporter's page shows it; nothing is asked of anybody",
    _K.RESUMED: "the unit's queue shows it",
    _K.WAITING_ENDED: "the question and its answer were told",
    _K.ANSWERED: "the unit's queue shows what waits for approval; the close is told",
    _K.APPROVED: "the close that follows is told",
    _K.REQUEST_ACCEPTED: "the later deadline, or the other unit's dispatch, is told",
    _K.RETURN_ACCEPTED: "the other units go on as before",
    _K.REPEATED: "the unit's figures show it",
    _K.ROOT_MOVED: "the result is told all the same",
    _K.REQUEST_WITHDRAWN: "nothing is left to be decided",
    _K.TRANSFERRED: "the unit that has it now is told of the dispatch",
    _K.ASSIGNMENT_WITHDRAWN: "nothing is left to be done",
    _K.REJECTION_LIFTED: "the dispatch that follows is told",
    _K.ASKED_AGAIN: "the operations centre's list shows it",
    _K.WITHDRAWN: "the reporter did it",
    _K.RATED: "units never see who rated",
    _K.VISIBILITY_CHANGED: "the reporter's page shows it",
    _K.ERASED: "what was personal is gone",
    _K.NOTE: "a note is read where the case is read",
}

# Staff's reminders come by the clock, not from an entry.
REMINDERS = frozenset({NoticeKind.DUE_TOMORROW, NoticeKind.OVERDUE, NoticeKind.ESCALATED})
# These tell of an account, not of a report: the use case that changes it writes them.
OF_ACCOUNTS = frozenset({NoticeKind.PASSWORD_GIVEN, NoticeKind.SECOND_FACTOR_RESET})
# These come with what is printed for everybody who asked for it.
OF_PERIODS = frozenset({NoticeKind.PERIOD_REPORT})
# This goes to an address before anything else may.
OF_FOLLOWINGS = frozenset({NoticeKind.CONFIRM_FOLLOWING})
# To the reporter these come with the notice of the step that brought the dispatch about.
_TELL_OF_THE_DISPATCH = frozenset({HistoryKind.RECEIVED, HistoryKind.REOPENED})
EXTENSION = "extension"


def anybody_is_told(kinds: Iterable[HistoryKind]) -> bool:
    """Whether a change of these entries has to be looked at for notices."""
    return any(kind in TOLD for kind in kinds)


def is_told(
    told: Told, kind: HistoryKind, data: Mapping[str, Any], together: Iterable[HistoryKind]
) -> bool:
    """Whether an entry of this kind and data leads to one of the notices its kind can lead to.

    `together` are the kinds of all entries of the same change: one change is told once.
    """
    if kind is HistoryKind.DUE_MOVED:
        return data.get("why") == EXTENSION
    if told == Told(NoticeKind.DISPATCHED, Audience.REPORTER):
        return bool(data.get("lead", True)) and not _TELL_OF_THE_DISPATCH & set(together)
    return True
