"""Letters of apology: when one is drafted or dropped, and what the register counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from feedback.domain.letters import (
    PLACES,
    DiscardReason,
    LetterFigure,
    LetterPlace,
    RoundFacts,
    counted_as,
    drafted_for_dues_before,
    fingerprint,
    why_discarded,
)
from feedback.domain.states import ReportState
from tests.domain.calendars import HUE, create_calendar

DUE = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATE, LACKS = LetterFigure.LATE, LetterFigure.WITHOUT_LETTER
AFTER, AGAIN = LetterFigure.AFTER_DUE, LetterFigure.REPEATED
OPEN, CLOSED = ReportState.IN_PROGRESS, ReportState.CLOSED


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-11T00:05+07:00", date(2026, 3, 13)),  # Wednesday: what is due on Thursday
        ("2026-03-13T16:00+07:00", date(2026, 3, 17)),  # Friday: what is due on Monday
        ("2026-03-14T16:00+07:00", date(2026, 3, 17)),  # Saturday: the same
    ],
)
def test_letters_are_drafted_for_what_is_due_until_the_end_of_the_next_working_day(
    now: str, until: date
) -> None:
    calendar = create_calendar()

    found = drafted_for_dues_before(calendar, datetime.fromisoformat(now))

    assert found == datetime(until.year, until.month, until.day, tzinfo=HUE)


@pytest.mark.parametrize(
    ("due", "closed_at", "state", "why"),
    [
        (DUE, None, OPEN, None),
        (DUE, DUE, CLOSED, DiscardReason.ANSWERED_IN_TIME),
        (DUE, DUE + HOUR, CLOSED, None),  # an apology is owed afterwards too
        (DUE + HOUR, None, OPEN, DiscardReason.DUE_MOVED),
        (DUE, None, ReportState.WITHDRAWN, DiscardReason.REPORT_ENDED),
        (DUE, None, ReportState.RECEIVED, None),  # a returned report still owes its result
    ],
)
def test_a_draft_goes_when_nothing_is_late_any_more(
    due: datetime, closed_at: datetime | None, state: ReportState, why: DiscardReason | None
) -> None:
    assert why_discarded(DUE, due, closed_at, state) is why


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        (RoundFacts(DUE, None, None, OPEN), {LATE, LACKS}),
        (RoundFacts(DUE, DUE, None, CLOSED), set()),
        (RoundFacts(DUE, DUE + HOUR, None, CLOSED), {LATE, LACKS}),
        (RoundFacts(DUE, None, DUE - HOUR, ReportState.WAITING), set()),
        (RoundFacts(DUE, None, DUE + HOUR, ReportState.WAITING), {LATE, LACKS}),
        (RoundFacts(DUE, None, None, ReportState.DUPLICATE), set()),
        (RoundFacts(DUE, None, None, OPEN, DUE - HOUR, 1), {LATE}),
        (RoundFacts(DUE, None, None, OPEN, DUE, 2), {LATE, AGAIN}),
        (RoundFacts(DUE, None, None, OPEN, DUE + HOUR, 3), {LATE, AFTER, AGAIN}),
        (RoundFacts(DUE + 9 * HOUR, None, None, OPEN), set()),
    ],
)
def test_the_register_counts_by_its_definitions(
    facts: RoundFacts, counts: set[LetterFigure]
) -> None:
    assert counted_as(facts, DUE + 2 * HOUR) == counts


def test_placeholders_are_known_in_both_languages_and_braces_of_others_stay() -> None:
    values = dict.fromkeys(LetterPlace, "–") | {LetterPlace.REASON: "{mã} *x*"}

    assert PLACES.fill("{lý do}; {Reason}; {else}", values) == "{mã} *x*; {mã} *x*; {else}"
    assert PLACES.unknown_in("{lý do} {else} {new date}") == ["else"]
    assert PLACES.used_in("{ngày hẹn}") == {LetterPlace.NEW_DATE}


def test_a_fingerprint_is_of_the_words_whatever_their_order() -> None:
    assert fingerprint({"a": "ộ", "b": ["1"]}) == fingerprint({"b": ["1"], "a": "ộ"})
    assert fingerprint({"a": "ộ"}) != fingerprint({"a": "o"})
