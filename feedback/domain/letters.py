"""Letters of apology for results that come late: when one is owed, what it says, how it is counted.

A letter belongs to one due moment of one round. It is drafted before the moment passes, so that the
head of the unit can sign it in time; it does not move the moment, which only an extension does.

**What is counted**, of a window of local days, by the unit that leads the round:

* `late`: due moments within the window that passed before their round was closed. A round that
  waits for the citizen has no due moment until it goes on, unless it had passed before. Reports
  that were refused, withdrawn or found to be duplicates are not counted.
* `without_letter`: those of `late` for which no letter is signed yet.
* `after_due`: those of `late` whose letter was signed after the moment had passed.
* `repeated`: those of `late` whose signed letter puts the citizen off for the second time or more.

`counted_as` says it for one round; the store counts the same in one statement.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from feedback.domain.calendar import Calendar
from feedback.domain.placeholders import Placeholders
from feedback.domain.states import EXCLUDED_REPORT_STATES, ReportState


class LetterState(StrEnum):
    """Where a letter stands; it is issued once its PDF is stored."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SIGNED = "signed"
    ISSUED = "issued"
    DISCARDED = "discarded"


UNSIGNED = frozenset({LetterState.DRAFTED, LetterState.EDITED})
VALID = frozenset({LetterState.SIGNED, LetterState.ISSUED})


class DiscardReason(StrEnum):
    """Why a draft is needed no more."""

    ANSWERED_IN_TIME = "answered_in_time"
    DUE_MOVED = "due_moved"
    REPORT_ENDED = "report_ended"


class LetterPlace(StrEnum):
    """What the text of a template leaves open."""

    CODE = "code"
    CATEGORY = "category"
    AREA = "area"
    UNIT = "unit"
    RECEIVED = "received"
    DUE = "due"
    REASON = "reason"
    NEW_DATE = "new date"
    NUMBER = "number"


VIETNAMESE = {
    "mã": LetterPlace.CODE,
    "lĩnh vực": LetterPlace.CATEGORY,
    "phường xã": LetterPlace.AREA,
    "đơn vị": LetterPlace.UNIT,
    "ngày nhận": LetterPlace.RECEIVED,
    "hạn": LetterPlace.DUE,
    "lý do": LetterPlace.REASON,
    "ngày hẹn": LetterPlace.NEW_DATE,
    "lần": LetterPlace.NUMBER,
}
PLACES = Placeholders(LetterPlace, VIETNAMESE)
# A letter that does not say these is no apology with a new appointment.
NEEDED_PLACES = frozenset({LetterPlace.REASON, LetterPlace.NEW_DATE})


class LetterFigure(StrEnum):
    """The counts of the register; the module says what each is."""

    LATE = "late"
    WITHOUT_LETTER = "without_letter"
    AFTER_DUE = "after_due"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the counts need of a round and its letter at one moment."""

    due: datetime
    closed_at: datetime | None
    waiting_since: datetime | None
    report_state: ReportState
    signed_at: datetime | None = None
    number: int | None = None


def counted_as(facts: RoundFacts, now: datetime) -> set[LetterFigure]:
    """The counts a round is part of, as it stands at `now`; whether its due moment lies in the
    window is the caller's to say."""
    if facts.report_state in EXCLUDED_REPORT_STATES:
        return set()
    stopped_at = min(filter(None, (facts.closed_at, facts.waiting_since, now)))
    if facts.due >= stopped_at:
        return set()
    found = {LetterFigure.LATE}
    if facts.signed_at is None:
        found.add(LetterFigure.WITHOUT_LETTER)
        return found
    if facts.signed_at > facts.due:
        found.add(LetterFigure.AFTER_DUE)
    if (facts.number or 1) >= 2:
        found.add(LetterFigure.REPEATED)
    return found


def drafted_for_dues_before(calendar: Calendar, now: datetime) -> datetime:
    """The end of the next working day: letters are drafted for due moments before it.

    So a letter is there from the morning of the working day before the one that will be missed.
    """
    day = calendar.nth_working_day_after(calendar.local_day(now), 1)
    return datetime.combine(day + timedelta(days=1), time(), calendar.zone)


def why_discarded(
    letter_due: datetime, due: datetime, closed_at: datetime | None, state: ReportState
) -> DiscardReason | None:
    """Why an unsigned letter is needed no more; None while it is.

    `letter_due` is the moment the letter is for, the rest its round and report as they stand. A
    letter whose result came late stays: an apology is owed also afterwards.
    """
    if state in EXCLUDED_REPORT_STATES:
        return DiscardReason.REPORT_ENDED
    if letter_due != due:
        return DiscardReason.DUE_MOVED
    if closed_at is not None and closed_at <= due:
        return DiscardReason.ANSWERED_IN_TIME
    return None


def fingerprint(text: Mapping[str, Any]) -> str:
    """The SHA-256 of what was signed, in hexadecimal: the same words give the same mark."""
    plain = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
