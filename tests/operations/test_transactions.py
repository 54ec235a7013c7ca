"""One use case, one transaction: the change, its history, its promises and its dirty days."""

import io
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from feedback.domain.errors import Conflict
from feedback.domain.events import Event
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoPurpose, ReportState
from feedback.extensions import db
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.lifecycle import Life
from feedback.operations.stale_figures import mark_report
from feedback.operations.submit_report import submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading, transaction
from feedback.operations.upload_photo import upload_photo
from feedback.storage.models import HistoryEntry, OutboxRow, Report, StatisticsChange, Unit
from tests.factories import (
    MONDAY,
    create_case,
    create_closed_report,
    create_report,
    create_unit,
    the_city,
)
from tests.operations.lives import Town, at_once, count, footprint, load
from tests.operations.test_submit_report import draft_of
from tests.support.photos import photo_bytes


class Trouble(Exception):
    """What goes wrong in these tests."""


def fail(*_: object, **__: object) -> None:
    """Stand in for a step that fails."""
    raise Trouble


def outbox_events() -> list[Event]:
    """The events in the outbox, in order."""
    with reading() as session:
        return list(session.scalars(select(OutboxRow.event).order_by(OutboxRow.id)))


def marked_changes() -> list[tuple[int, int]]:
    """Report and version of every change the figures do not tell yet."""
    with reading() as session:
        rows = session.query(StatisticsChange).order_by(StatisticsChange.id)
        return [(row.report_id, row.version) for row in rows]


def test_a_change_promises_its_work_and_marks_its_version(town: Town) -> None:
    report_id = create_report(category=town.category, area_id=town.area.id).report_id
    assert outbox_events() == [Event.FIGURES_CHANGED]
    assert marked_changes() == [(report_id, load(report_id).version)]


def test_each_change_is_marked_and_its_entries_bear_the_marked_version(town: Town) -> None:
    case = create_closed_report(town.unit, category=town.category, handler=town.handler)
    with reading() as session:
        written = session.scalars(
            select(HistoryEntry.report_version).where(HistoryEntry.report_id == case.report_id)
        )
        assert {version for _, version in marked_changes()} == set(written)


def test_nothing_of_a_failed_use_case_is_stored(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = create_report().report_id
    before = footprint(), load(report_id).version
    rung: list[int] = []
    city = replace(the_city(), ring=lambda: rung.append(1))

    def fail_late(*arguments: object) -> None:
        mark_report(*arguments)  # type: ignore[arg-type]
        db.session.flush()
        raise Trouble

    monkeypatch.setattr("feedback.operations.lifecycle.mark_report", fail_late)
    with pytest.raises(Trouble):
        dispatch_report(
            report_id,
            unit_id=town.unit.id,
            category_id=town.category.id,
            version=None,
            actor=town.as_dispatcher,
            city=city,
            now=MONDAY,
        )
    with pytest.raises(Trouble):
        submit_report(draft_of(category_id=town.category.id), city=city, now=MONDAY)
    assert (footprint(), load(report_id).version) == before
    assert load(report_id).state is ReportState.RECEIVED
    assert rung == []


def test_the_doorbell_rings_once_and_after_the_commit(town: Town) -> None:
    seen: list[int] = []
    city = replace(the_city(), ring=lambda: seen.append(count(OutboxRow)))
    submit_report(draft_of(), city=city, now=MONDAY)
    assert seen == [1]
    with transaction(city) as session:
        session.get_one(Unit, town.unit.id).name = "Tên mới"
    assert seen == [1]  # nothing was promised


def test_a_photo_whose_row_cannot_be_written_is_not_promised(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.operations.upload_photo.promise", fail)
    content = photo_bytes()
    before = footprint()
    with pytest.raises(Trouble):
        import_photo(content)
    assert footprint() == before


def import_photo(content: bytes) -> None:
    """Upload a picture for a report."""
    stream = io.BytesIO(content)
    upload_photo(stream, len(content), purpose=PhotoPurpose.REPORT, city=the_city(), now=MONDAY)


def test_a_transaction_inside_another_is_refused_and_harms_nothing(town: Town) -> None:
    with transaction(the_city()) as session:
        session.get_one(Unit, town.unit.id).name = "Tên mới"
        with pytest.raises(RuntimeError), transaction(the_city()):
            pass
        with pytest.raises(RuntimeError), reading():
            pass
        session.flush()
    with reading() as session:
        assert session.get_one(Unit, town.unit.id).name == "Tên mới"


def test_a_change_made_outside_a_transaction_is_refused(town: Town) -> None:
    session = db.session()
    session.get_one(Unit, town.unit.id).name = "Tên lạc"
    with pytest.raises(RuntimeError), transaction(the_city()):
        pass
    session.rollback()
    assert create_unit().id


def test_the_next_use_case_works_after_the_database_has_refused_one(town: Town) -> None:
    for _ in range(2):
        with pytest.raises(IntegrityError), transaction(the_city()) as session:
            twin = session.get_one(Unit, town.unit.id)
            session.add(
                Unit(
                    code=twin.code,
                    name="Trùng mã",
                    short_name="T",
                    name_en="T",
                    kind=twin.kind,
                    valid_from=twin.valid_from,
                )
            )
            session.flush()
        assert create_report().report_id


def test_a_use_case_sees_what_others_committed_since_the_page_was_read(town: Town) -> None:
    case = create_case(town.unit)
    page = db.session()
    stale = page.get_one(Report, case.report_id)  # a page's read transaction stays open
    assert stale.state is ReportState.DISPATCHED

    def take() -> None:
        take_case(
            *(case.report_id, case.assignment_id),
            version=None,
            actor=town.as_handler,
            city=the_city(),
            now=MONDAY,
        )

    assert at_once(take, lambda: None) == [None, None]
    with transaction(the_city()) as session:
        life = Life.open(session, the_city(), case.report_id, town.as_head, MONDAY)
        assert life.report is stale
        assert (life.report.state, life.report.version) == (ReportState.IN_PROGRESS, 3)
        assert life.report.assignments[0].handler_id == town.handler.id
        with pytest.raises(Conflict):
            life.expect_version(2)


def test_ten_changes_at_the_same_moment_all_count(town: Town) -> None:
    case = create_case(town.unit)
    version = load(case.report_id).version

    def note() -> None:
        with transaction(the_city()) as session:
            life = Life.open(session, the_city(), case.report_id, town.as_handler, MONDAY)
            life.record(HistoryKind.NOTE)
            life.settle()

    for _ in range(5):
        assert at_once(note, note) == [None, None]
    assert load(case.report_id).version == version + 10
