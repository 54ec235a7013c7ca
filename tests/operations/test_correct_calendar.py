"""A correction of the calendar moves what is promised, and nothing that is past."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from feedback.domain.calendar import Block, DayException, DayKind
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import Clock, Role
from feedback.operations.correct_calendar import (
    Correction,
    correct_calendar,
    move_open_rounds,
    preview_correction,
)
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.refresh_windows import refresh_windows
from feedback.operations.transaction import reading, transaction
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import OutboxRow, ReferenceChange, Round
from feedback.storage.queries import reference_changes, versions
from tests.factories import (
    Case,
    actor_of,
    create_account,
    create_case,
    create_category,
    create_closed_report,
    the_city,
)
from tests.operations.by_hand import DUE, ask, at, reply, working
from tests.operations.consistency import check
from tests.operations.lives import Town, entry_of, load

TUESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 12)
A_DAY = timedelta(days=1)
MORNING = (Block(450, 690),)


def off(day: date = TUESDAY) -> Correction:
    holiday = DayException(day, DayKind.HOLIDAY, (), "Nghỉ đột xuất", "Công văn 7")
    return Correction(days={day: holiday})


def correct(correction: Correction, now: datetime, **more: Any) -> int:
    actor = actor_of(create_account(Role.ADMINISTRATOR))
    how = {"seen": {}, "actor": actor, "city": the_city(), "now": now, **more}
    return correct_calendar(correction, **how)


def dues(case: Case) -> tuple[datetime, datetime]:
    report = load(case.report_id)
    check(report)
    current = report.rounds[-1]
    return current.original_due, current.due


def changes(key: str) -> list[ReferenceChange]:
    with reading() as session:
        return list(reference_changes.of_object(session, ReferenceKind.CALENDAR, key))


def calendar_version() -> int:
    with reading() as session:
        return versions.current(session)[versions.CALENDAR]


def test_a_new_holiday_moves_open_rounds_with_a_line_in_their_history(town: Town) -> None:
    case = working(town)
    assert correct(off(), at(0, 10), note="Công văn 7") == 1
    moved = DUE + A_DAY
    assert dues(case) == (moved, moved)
    entry = entry_of(case.report_id, HistoryKind.DUE_MOVED)
    assert entry.data == {
        "original_due": moved.isoformat(),
        "due": moved.isoformat(),
        "why": "calendar",
    }
    assert entry.note == "Công văn 7"
    assert load(case.report_id).rounds[0].calendar_version == calendar_version()
    (change,) = changes("2026-03-03")
    assert (change.action, change.after["day_kind"]) == (ChangeAction.CREATED, "holiday")


def test_a_holiday_taken_back_moves_them_back(town: Town) -> None:
    case = working(town)
    correct(off(), at(0, 10))
    assert correct(Correction(days={TUESDAY: None}), at(0, 11)) == 1
    assert dues(case) == (DUE, DUE)
    assert changes("2026-03-03")[0].action is ChangeAction.REMOVED
    with pytest.raises(Conflict, match="day_not_known"):
        correct(Correction(days={TUESDAY: None}), at(0, 12))


def test_what_waiting_put_off_stays_put_off(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    reply(case, at(1, 9))  # seven hours, so due on Thursday at 16:00
    assert correct(off(date(2026, 3, 4)), at(1, 10)) == 1
    assert dues(case) == (DUE + A_DAY, at(11, 16).astimezone(UTC))
    # A day off in what was put off moves the second moment alone.
    assert correct(off(date(2026, 3, 13)), at(1, 11)) == 1
    assert dues(case) == (DUE + A_DAY, at(14, 16).astimezone(UTC))


def test_closed_rounds_and_the_other_clock_are_left_alone(town: Town) -> None:
    closed = create_closed_report(
        town.unit, category=town.category, handler=town.handler, now=at(0, 9)
    )
    urgent = create_case(
        town.unit,
        category=create_category(
            clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=2_000
        ),
        now=at(0, 9),
    )
    before = load(closed.report_id), load(urgent.report_id)
    assert correct(off(), at(0, 15)) == 0
    after = load(closed.report_id), load(urgent.report_id)
    assert [r.version for r in before] == [r.version for r in after]
    assert [r.rounds[0].due for r in before] == [r.rounds[0].due for r in after]
    assert after[0].rounds[0].calendar_version == before[0].rounds[0].calendar_version


def test_the_preview_names_the_rounds_that_move_and_changes_nothing(town: Town) -> None:
    case = working(town)
    version = calendar_version()
    (move,) = preview_correction(off(), city=the_city())
    assert (move.code, move.before, move.after) == (
        case.code,
        (DUE, DUE),
        (DUE + A_DAY, DUE + A_DAY),
    )
    assert preview_correction(off(THURSDAY), city=the_city()) == []
    assert (dues(case), calendar_version()) == ((DUE, DUE), version)
    with pytest.raises(Invalid) as refused:
        preview_correction(Correction(weekly=((),) * 7), city=the_city())
    assert refused.value.fields == {"monday": "week_without_work"}


def test_other_weekly_hours_move_the_end_of_the_last_day(town: Town) -> None:
    case = working(town)
    assert correct(Correction(weekly=(MORNING,) * 5 + ((), ())), at(0, 10)) == 1
    noon = datetime(2026, 3, 11, 4, 30, tzinfo=UTC)
    assert dues(case) == (noon, noon)
    (change,) = changes("week")
    assert change.before["monday"] == "07:30–11:30, 13:00–17:00"
    assert change.after["monday"] == "07:30–11:30"
    assert "saturday" not in change.after


def test_the_same_again_changes_nothing(town: Town) -> None:
    case = working(town)
    correct(off(), at(0, 10))
    version, seen = calendar_version(), load(case.report_id).version
    assert correct(off(), at(0, 11)) == 0
    assert (calendar_version(), load(case.report_id).version) == (version, seen)
    assert len(changes("2026-03-03")) == 1


def test_an_old_view_and_a_stranger_change_nothing(town: Town) -> None:
    working(town)
    correct(off(), at(0, 10), seen={"2026-03-03": 0})
    with pytest.raises(Conflict, match="reference_changed"):
        correct(Correction(days={TUESDAY: None}), at(0, 11), seen={"2026-03-03": 0})
    with pytest.raises(NotAllowed):
        correct(off(THURSDAY), at(0, 11), actor=town.as_dispatcher)


def test_a_round_that_began_by_the_calendar_before_is_found_later(town: Town) -> None:
    correct(off(), at(0, 8))
    case = working(town)
    with transaction(the_city()) as session:  # as if it had been written while that committed
        late = {"original_due": DUE, "due": DUE, "calendar_version": 1}
        session.execute(update(Round).values(**late))
    assert move_open_rounds(city=the_city(), now=at(0, 10)) == 1
    assert load(case.report_id).rounds[0].due == DUE + A_DAY
    assert move_open_rounds(city=the_city(), now=at(0, 10)) == 0
    with reading() as session:
        promised = {row.subscription for row in session.query(OutboxRow)}
    assert {"move_open_rounds", "refresh_windows"} <= promised


def test_the_figures_stay_what_the_record_says(town: Town) -> None:
    city = the_city()
    for hour in (9, 10, 11):
        create_closed_report(
            town.unit, category=town.category, handler=town.handler, now=at(0, hour)
        )
    overdue, waiting = working(town, now=at(0, 9)), working(town, now=at(0, 9))
    ask(waiting, town, at(8, 9))
    refresh_statistics(city=city, now=at(12, 9))
    assert verify_statistics(city=city) == []
    assert correct(off(date(2026, 3, 10)), at(12, 10)) == 2
    assert correct(off(date(2026, 3, 11)), at(12, 11)) == 2
    correct(Correction(weekly=(MORNING,) * 5 + ((), ())), at(12, 12))
    refresh_windows(city=city, now=at(12, 13))
    assert verify_statistics(city=city) == []
    assert dues(overdue)[0] == dues(waiting)[0]
