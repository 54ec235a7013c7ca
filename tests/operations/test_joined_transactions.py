"""Use cases that share one transaction while a database is filled."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from feedback.domain.errors import Conflict
from feedback.domain.states import ReportState
from feedback.extensions import db
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.submit_report import submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import joined_transactions, reading, transaction
from feedback.storage.models import HistoryEntry, OutboxRow, Report, StatisticsChange
from tests.factories import MONDAY, create_case, the_city
from tests.operations.lives import Town, count, load
from tests.operations.test_submit_report import draft_of


def statements_of_reports() -> list[str]:
    """A list that grows by each statement that reads reports from here on."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and "FROM reports" in statement:
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return found


def test_joined_use_cases_leave_what_they_would_leave_alone(town: Town) -> None:
    with joined_transactions(the_city()):
        receipt = submit_report(draft_of(), city=the_city(), now=MONDAY)
        read = statements_of_reports()
        dispatch_report(
            receipt.report_id,
            unit_id=town.unit.id,
            category_id=town.category.id,
            version=None,
            actor=town.as_dispatcher,
            city=the_city(),
            now=MONDAY + timedelta(minutes=1),
        )
        with reading() as session:
            case = session.get_one(Report, receipt.report_id).assignments[0]
            case_id = case.id
        take_case(
            receipt.report_id,
            case_id,
            version=None,
            actor=town.as_handler,
            city=the_city(),
            now=MONDAY + timedelta(minutes=2),
        )
        assert read == []  # a report in these hands need not be read again
    report = load(receipt.report_id)
    assert (report.state, report.version) == (ReportState.IN_PROGRESS, 3)
    with reading() as session:
        marked = session.scalars(select(StatisticsChange.version)).all()
        assert sorted(marked) == [1, 2, 3]
        versions = session.scalars(select(HistoryEntry.report_version)).all()
        assert set(versions) == {1, 2, 3}
    assert count(OutboxRow) == 1


@pytest.mark.parametrize("going_on", [True, False])
def test_a_use_case_that_fails_undoes_them_all(town: Town, *, going_on: bool) -> None:
    with pytest.raises(RuntimeError, match="has failed"), joined_transactions(the_city()):
        submit_report(draft_of(), city=the_city(), now=MONDAY)
        with pytest.raises(Conflict), transaction(the_city()):
            raise Conflict("changed_meanwhile")
        if going_on:
            submit_report(draft_of(), city=the_city(), now=MONDAY)
    assert count(Report) == 0
    submit_report(draft_of(), city=the_city(), now=MONDAY)
    assert count(Report) == 1


def test_nothing_is_stored_and_nobody_woken_when_the_whole_breaks_off(town: Town) -> None:
    woken: list[int] = []
    city = replace(the_city(), ring=lambda: woken.append(1))
    with pytest.raises(RuntimeError, match="power"), joined_transactions(city):
        submit_report(draft_of(), city=city, now=MONDAY)
        raise RuntimeError("power cut")
    assert count(Report) == 0
    assert woken == []
    with joined_transactions(city):
        submit_report(draft_of(), city=city, now=MONDAY)
        submit_report(draft_of(), city=city, now=MONDAY)
        assert woken == []
    assert woken == [1]
    assert count(Report) == 2


def test_a_use_case_inside_another_is_refused_there_as_well(town: Town) -> None:
    create_case(town.unit, category=town.category)
    with joined_transactions(the_city()), transaction(the_city()):
        with pytest.raises(RuntimeError), transaction(the_city()):
            pass
        with pytest.raises(RuntimeError), reading():
            pass
