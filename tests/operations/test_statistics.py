"""Stored figures follow the lives of reports and equal what history says, on both databases."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.durations import TIME_KEYS
from feedback.domain.events import Event
from feedback.domain.histories import Entry
from feedback.domain.measures import STANDING, Figure
from feedback.domain.periods import ROLLING, period_named
from feedback.domain.states import ActorKind, Clock, RatingLevel, RejectionReason, Role
from feedback.domain.windows import Speed, WindowFigures
from feedback.operations.list_cases import Case, list_cases, page_of_cases, parse_scope
from feedback.operations.note_passed_dues import note_passed_dues
from feedback.operations.outbox import Claim, WorkAlreadyDone
from feedback.operations.rate_report import rate_report
from feedback.operations.rebuild_statistics import rebuild_all, rebuild_statistics
from feedback.operations.reference import working_calendar
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.refresh_windows import refresh_windows
from feedback.operations.reject_report import reject_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.transaction import reading, transaction
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import (
    HistoryEntry,
    OutboxRow,
    StatisticsChange,
    StatisticsDay,
    StatisticsReady,
    Unit,
)
from tests.factories import (
    MONDAY,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_report,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.plain_measures import PlainMeasures

pytestmark = pytest.mark.usefixtures("app_context")
DAY = timedelta(days=1)
THEN = MONDAY + 17 * DAY  # when the busy weeks are over
DISPATCHER = Actor(ActorKind.STAFF, None, Role.DISPATCHER)


def create_busy_weeks() -> Unit:
    """Reports of two units and categories: answered, late, open, rated, reopened, rejected."""
    create_working_week()
    area = create_area()
    first, second = create_unit("A"), create_unit("B")
    slow = create_category("Đường")
    fast = create_category("Điện", clock=Clock.ROUND_THE_CLOCK, resolve_days=None,
                           resolve_minutes=240)  # fmt: skip
    for n, (unit, category) in enumerate([(first, slow), (second, fast)] * 6):
        now = MONDAY + n * DAY + timedelta(hours=n % 5)
        case = create_answered_case(
            unit, category=category, now=now, answered_at=now + timedelta(hours=9 * n),
            area_id=area.id if n % 3 else None,
        )  # fmt: skip
        rated_at = now + timedelta(hours=9 * n + 30)
        if n % 4:
            rate(case.report_id, list(RatingLevel)[n % 3], rated_at)
        if n % 5 == 4:
            reopen(case.report_id, rated_at + DAY)
    create_case(first, category=slow, now=MONDAY + 2 * DAY)
    create_case(second, category=fast, now=MONDAY + 9 * DAY)
    reject(create_report(now=MONDAY + 3 * DAY).report_id, MONDAY + 4 * DAY)
    create_report(now=MONDAY + 5 * DAY)
    return first


def rate(report_id: int, level: RatingLevel, now: datetime) -> None:
    rate_report(report_id, level=level, city=the_city(), now=now)


def reopen(report_id: int, now: datetime) -> None:
    reopen_report(report_id, reason="Vẫn còn", actor=CITIZEN, city=the_city(), now=now)


def reject(report_id: int, now: datetime) -> None:
    reject_report(
        report_id, reason=RejectionReason.NO_CONTENT, text="Xin gửi lại", version=None,
        actor=DISPATCHER, city=the_city(), now=now,
    )  # fmt: skip


def refresh(now: datetime, claim: Claim | None = None) -> None:
    refresh_statistics(city=the_city(), now=now, claim=claim)


def plain_measures(as_of: datetime) -> PlainMeasures:
    """The plain recomputation over everything in the history."""
    with reading() as session:
        calendar = working_calendar(session, the_city())
        histories: dict[int, list[Entry]] = {}
        for row in session.query(HistoryEntry).order_by(HistoryEntry.id):
            entry = Entry(row.report_id, row.at, row.kind, row.actor_kind, row.unit_id,
                          row.public, row.data)  # fmt: skip
            histories.setdefault(row.report_id, []).append(entry)
    return PlainMeasures(list(histories.values()), as_of, calendar)


def ready_rows() -> dict[tuple[str, str], StatisticsReady]:
    with reading() as session:
        rows = session.query(StatisticsReady).all()
        session.expunge_all()
    return {(row.scope, row.period): row for row in rows}


def stored() -> dict[str, object]:
    """Everything stored of figures, apart from when it was computed."""
    with reading() as session:
        days = {
            f"{row.day} {row.scope}": (row.counts, row.times)
            for row in session.query(StatisticsDay)
        }
    return days | {f"{s} {w}": row.figures for (s, w), row in ready_rows().items()}


def difference_from_plain(row: StatisticsReady) -> list[str]:
    """Figures of a ready row that are not what the plain recomputation says."""
    plain = plain_measures(row.data_time)
    today = plain.calendar.local_day(row.data_time)
    period = period_named(row.period, today)
    found = []
    for name, window in (("figures", period.window), ("before", period.before)):
        if row.figures[name] is None:
            continue
        figures = WindowFigures.from_json(row.figures[name])
        counted = [
            figure for figure in Figure if figure not in STANDING or window.last == today
        ]  # what stands now is told of windows that end now
        found += [
            f"{row.scope} {row.period} {name} {figure}"
            for figure in counted
            if figures.count(figure) != plain.count(figure, row.scope, window.first, window.last)
        ]
        found += [
            f"{row.scope} {row.period} {name} {key.name}"
            for key in TIME_KEYS
            if told_times(figures.speeds.get(key))
            != tuple(map(len, plain.times(key.name, row.scope, window.first, window.last)))
        ]
    return found


def told_times(speed: Speed | None) -> tuple[int, int, int]:
    return (speed.finished, speed.open, speed.lost) if speed else (0, 0, 0)


def test_ready_rows_equal_the_plain_recomputation_and_nothing_differs() -> None:
    create_busy_weeks()
    refresh(THEN)
    rows = ready_rows()
    assert {period for _, period in rows} == {
        *map(str, ROLLING), "2026-03", "2026-Q1", "2026"
    }  # fmt: skip
    assert rows["city", "30"].figures["figures"]["counts"]["received"] == 15
    assert [name for row in rows.values() for name in difference_from_plain(row)] == []
    assert verify_statistics(city=the_city()) == []


def test_refreshing_after_every_change_ends_where_one_rebuild_does() -> None:
    unit = create_busy_weeks()
    for days in (3, 8, 8, 13, 17):
        refresh(MONDAY + days * DAY)
    case = create_answered_case(unit, now=THEN + DAY)
    refresh(THEN + DAY + timedelta(hours=2))
    rate(case.report_id, RatingLevel.DISSATISFIED, THEN + 2 * DAY)
    refresh(THEN + 2 * DAY)
    rate(case.report_id, RatingLevel.SATISFIED, THEN + 3 * DAY)
    refresh(THEN + 3 * DAY)
    step_by_step = stored()
    assert verify_statistics(city=the_city()) == []
    with transaction(the_city()) as session:
        session.query(StatisticsDay).delete()
        session.query(StatisticsReady).delete()
    rebuild_all(the_city(), THEN + 3 * DAY)
    assert stored() == step_by_step


def test_refreshing_twice_changes_nothing() -> None:
    create_busy_weeks()
    refresh(THEN)
    once = stored()
    refresh(THEN)
    rebuild_statistics(40, city=the_city(), now=THEN)
    assert stored() == once
    with reading() as session:
        assert session.query(StatisticsChange).count() == 0


def test_a_refresh_whose_work_was_taken_over_stores_nothing() -> None:
    create_busy_weeks()
    with reading() as session:
        row_id = session.query(OutboxRow.id).limit(1).scalar()
        marks = session.query(StatisticsChange).count()
    with pytest.raises(WorkAlreadyDone):
        refresh(THEN, Claim({row_id: 7}))
    assert stored() == {}
    with reading() as session:
        assert session.query(StatisticsChange).count() == marks > 0


def test_a_change_made_after_the_refresh_was_asked_for_is_not_lost() -> None:
    unit = create_busy_weeks()
    asked_at = THEN
    create_case(unit, now=asked_at + timedelta(seconds=5))
    refresh(asked_at)
    row = ready_rows()["city", "7"]
    assert row.data_time == asked_at + timedelta(seconds=5)
    assert difference_from_plain(row) == []


def promised_refreshes() -> int:
    """How often a refresh of the figures has been promised."""
    with reading() as session:
        return session.query(OutboxRow).filter_by(event=Event.FIGURES_CHANGED).count()


def test_a_due_moment_that_passes_asks_for_a_refresh_which_finds_the_case_late() -> None:
    create_working_week()
    unit = create_unit()
    create_case(unit, now=MONDAY)  # due on Wednesday of the week after, at 17:00 in the city
    due = MONDAY + 9 * DAY + timedelta(hours=8)
    refresh(due - timedelta(minutes=1))
    asked = promised_refreshes()
    note_passed_dues(city=the_city(), now=due - timedelta(seconds=1))
    assert promised_refreshes() == asked
    counts = ready_rows()["city", "7"].figures["figures"]["counts"]
    assert "overdue" not in counts
    assert "due_original" not in counts
    note_passed_dues(city=the_city(), now=due + timedelta(minutes=1))
    assert promised_refreshes() == asked + 1
    refresh(due + timedelta(minutes=1))
    counts = ready_rows()[f"unit:{unit.id}", "7"].figures["figures"]["counts"]
    assert counts["overdue"] == 1
    assert counts["due_original"] == counts["due"] == 1
    assert "due_on_time" not in counts
    assert verify_statistics(city=the_city()) == []


def test_midnight_moves_every_window_and_forgets_scopes_with_nothing_to_tell() -> None:
    create_busy_weeks()
    idle = create_unit("C")
    create_answered_case(idle, category=create_category())
    refresh(THEN)
    scopes = {scope for scope, _ in ready_rows()}
    refresh_windows(city=the_city(), now=THEN + DAY)
    rows = ready_rows()
    assert {scope for scope, _ in rows} == scopes
    lasts = {row.figures["last"] for (_, period), row in rows.items() if period.isdigit()}
    assert lasts == {"2026-03-20"}
    assert verify_statistics(city=the_city()) == []
    refresh_windows(city=the_city(), now=MONDAY + 900 * DAY)
    left = set(ready_rows())
    assert {period for scope, period in left if scope == f"unit:{idle.id}"} == {
        "2026-03", "2026-04", "2026-Q1", "2026-Q2", "2026", "2027"
    }  # fmt: skip
    assert {("city", "7"), ("city", "2028-08")} <= left
    assert verify_statistics(city=the_city()) == []


def test_a_wrong_row_is_found() -> None:
    create_busy_weeks()
    refresh(THEN)
    with transaction(the_city()) as session:
        row = session.query(StatisticsDay).filter_by(scope="city").first()
        assert row is not None
        row.counts = row.counts | {"counts": {"received": 99}}
        session.query(StatisticsReady).filter_by(scope="city", period="7").delete()
        wrong = f"day {row.day}, city"
    assert wrong in {difference.row for difference in verify_statistics(city=the_city())}


@pytest.mark.parametrize("window", ["7", "30", "2026-03"])
def test_the_list_behind_every_figure_has_exactly_its_cases_even_later(window: str) -> None:
    unit = create_busy_weeks()
    refresh(THEN)
    rows = [row for (_, days), row in ready_rows().items() if days == window]
    with reading() as session:
        closed = [row.report_id for row in session.query(HistoryEntry).filter_by(kind="closed")]
    for report_id in dict.fromkeys(closed):
        change_later(report_id, THEN + DAY)
    create_answered_case(unit, now=THEN + timedelta(hours=1))
    refresh(THEN + 2 * DAY)
    for row in rows:
        plain = plain_measures(row.data_time)
        counts = row.figures["figures"]["counts"]
        first, last = (
            datetime.fromisoformat(row.figures[name]).date() for name in ("first", "last")
        )
        for figure in Figure:
            cases = list_cases(
                figure=figure, scope=parse_scope(row.scope), period=window,
                as_of=row.data_time, city=the_city(),
            )  # fmt: skip
            assert len(cases) == counts.get(figure, 0), (row.scope, figure)
            listed = {(case.report_id, case.round_number) for case in cases}
            assert listed == plain.cases(figure, row.scope, first, last)
            assert all(case.moment <= row.data_time for case in cases if figure not in STANDING)


@pytest.mark.parametrize("window", ["30", "2026"])
def test_the_pages_of_a_list_together_are_the_list(window: str) -> None:
    create_busy_weeks()
    refresh(THEN)
    rows = [row for (_, period), row in ready_rows().items() if period == window]
    for row, figure in product(rows, Figure):
        asked: dict[str, Any] = {
            "figure": figure, "scope": parse_scope(row.scope), "period": window,
            "as_of": row.data_time, "city": the_city(),
        }  # fmt: skip
        whole = list_cases(**asked)
        paged: list[Case] = []
        page = page_of_cases(**asked, behind=None, size=2)
        while True:
            assert page.count == len(whole)
            paged += page.cases
            if not page.more:
                break
            page = page_of_cases(**asked, behind=paged[-1].key, size=2)
        assert paged == whole, (row.scope, figure)


def change_later(report_id: int, now: datetime) -> None:
    """Something that would change yesterday's figures if it had happened then."""
    with reading() as session:
        kinds = [
            row.kind.value for row in session.query(HistoryEntry).filter_by(report_id=report_id)
        ]
    if kinds.count("closed") == kinds.count("reopened"):
        return
    if report_id % 2:
        rate(report_id, RatingLevel.ACCEPTABLE, now)
    else:
        reopen(report_id, now)
