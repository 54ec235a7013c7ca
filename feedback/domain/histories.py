"""The kinds of entry a report's history can hold.

History is the record every figure is computed from: it is appended in the transaction of the change
it tells of, and never edited. `data` of each kind is listed beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from feedback.domain.states import ActorKind


class HistoryKind(StrEnum):
    """What happened."""

    RECEIVED = "received"  # category_id, area_id
    CATEGORISED = "categorised"  # category_id
    ROUTED = "routed"  # rule_id: why the next assignment went where it went
    DISPATCHED = "dispatched"  # lead
    ROUND_STARTED = "round_started"  # number, clock, original_due, due, waiting_limit, …
    LEAD_NAMED = "lead_named"  # waiting; the entry's unit leads from now on
    ACCEPTED = "accepted"  # held: minutes of the level's clock since the dispatch
    HANDLER_NAMED = "handler_named"  # account_id
    QUESTION_ASKED = "question_asked"  # lead: whether the round's clock stops; message_id
    QUESTION_ANSWERED = "question_answered"  # message_id
    CITIZEN_WROTE = "citizen_wrote"  # message_id: what was answered when nobody waited any more
    RESUMED = "resumed"  # the limit of waiting is used up
    WAITING_ENDED = "waiting_ended"  # minutes: the lead's waiting, on the level's clock
    DUE_MOVED = "due_moved"  # original_due, due, why
    ANSWERED = "answered"  # outcome, promised_on
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    TRANSFER_PROPOSED = "transfer_proposed"  # request_id, wanted_unit_id
    EXTENSION_ASKED = "extension_asked"  # request_id, wanted_due
    REQUEST_WITHDRAWN = "request_withdrawn"  # request_id, request: its kind
    REQUEST_ACCEPTED = "request_accepted"  # request_id, request: its kind
    REQUEST_REFUSED = "request_refused"  # request_id, request: its kind
    RETURNED = "returned"  # held, where it was never taken up; so of the two ways to end below
    RETURN_ACCEPTED = "return_accepted"  # the other units go on without the one that returned it
    TRANSFERRED = "transferred"
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn"
    CLOSED = "closed"  # number, outcome, minutes: the round's, the lead's waiting taken out, …
    PROMISE_KEPT = "promise_kept"  # number of the round, minutes since its start, promised_on, …
    REPEATED = "repeated"  # number of the round, report_id: of who reported the same again, metres
    REOPENED = "reopened"
    REJECTED = "rejected"  # reason_code
    REJECTION_LIFTED = "rejection_lifted"
    REJECTION_UPHELD = "rejection_upheld"
    ASKED_AGAIN = "asked_again"  # the reporter of a refused report wants it looked at once more
    MARKED_DUPLICATE = "marked_duplicate"  # root_id
    ROOT_MOVED = "root_moved"  # root_id, why: none when the root turned out to repeat another
    DUPLICATE_UNDONE = "duplicate_undone"  # root_id, why: root_gone when it came by itself
    WITHDRAWN = "withdrawn"
    RATED = "rated"  # level, number of the round
    VISIBILITY_CHANGED = "visibility_changed"  # visibility
    NOTE = "note"  # message_id
    LETTER_SIGNED = "letter_signed"  # letter_id, number, due, new_date
    ERASED = "erased"  # why: retention, request; what: all, contact


@dataclass(frozen=True, slots=True)
class Entry:
    """One history entry as plain data: what the folds and measures read."""

    report_id: int
    at: datetime
    kind: HistoryKind
    actor_kind: ActorKind
    unit_id: int | None = None
    public: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
