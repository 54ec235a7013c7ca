"""Several refreshes at once, and changes in the middle of one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import StatisticsChange, StatisticsReady
from feedback.storage.queries import statistics
from tests.factories import (
    MONDAY,
    create_answered_case,
    create_case,
    create_unit,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.usefixtures("app_context")
LATER = MONDAY + timedelta(days=10)


def received() -> int:
    with reading() as session:
        row = session.get_one(StatisticsReady, ("city", "30"))
        count: int = row.figures["figures"]["counts"]["received"]
        return count


def test_many_refreshes_at_once_leave_every_row_once_and_right(app: Flask) -> None:
    create_working_week()
    unit = create_unit()

    def work(number: int) -> None:
        with app.app_context():
            create_answered_case(unit, now=MONDAY + timedelta(hours=number))
            refresh_statistics(city=the_city(), now=LATER)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    with reading() as session:
        assert session.query(StatisticsChange).count() == 0
    assert received() == 8
    assert verify_statistics(city=the_city()) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("moment", ["data_time", "told_histories", "running_reports"])
def test_a_change_that_commits_during_a_refresh_is_seen_by_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    create_working_week()
    unit = create_unit()
    create_case(unit)

    def change() -> None:
        with app.app_context():
            create_case(unit, now=MONDAY + timedelta(days=1))

    monkeypatch.setattr(statistics, moment, followed_by(change, getattr(statistics, moment)))
    refresh_statistics(city=the_city(), now=LATER)
    with reading() as session:
        assert session.query(StatisticsChange).count() > 0
    refresh_statistics(city=the_city(), now=LATER)
    assert received() == 2
    assert verify_statistics(city=the_city()) == []


def followed_by(change: Callable[[], None], read: Callable[..., object]) -> Callable[..., object]:
    """A query after which, the first time, somebody else commits a change."""
    left = [change]

    def reading_once(session: Session, *arguments: Sequence[object]) -> object:
        found = read(session, *arguments)
        if left:
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(left.pop()).result()
        return found

    return reading_once


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_that_comes_in_between_two_statements_breaks_no_refresh(app: Flask) -> None:
    """What runs on was read in two statements; a report only the second one saw broke it (#4)."""
    create_working_week()
    unit = create_unit()
    create_case(unit)
    left = [unit]

    def after_a_statement(*_: object) -> None:
        if not left:
            return
        left.clear()
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(come_in).result()

    def come_in() -> None:
        with app.app_context():
            create_case(unit, now=MONDAY + timedelta(days=1))

    with reading() as session:
        event.listen(session.get_bind(), "after_cursor_execute", after_a_statement)
        try:
            found = statistics.running_reports(session)
        finally:
            event.remove(session.get_bind(), "after_cursor_execute", after_a_statement)
    assert all(report.rounds for report in found)
