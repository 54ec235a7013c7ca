"""The demo city, small: loaded whole, the same for the same seed, with every state in it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from feedback.demo.load import BEGUN, MARK, is_empty, load_city
from feedback.demo.pictures import VARIANTS
from feedback.domain.errors import Conflict
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoState, ReportState, Visibility
from feedback.operations.transaction import reading, transaction
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import (
    Assignment,
    CaseRequest,
    CommitmentSheet,
    CounterRating,
    Follower,
    HistoryEntry,
    OutboxRow,
    OutboxState,
    Photo,
    PublishedRatings,
    ReferenceVersion,
    Report,
    StatisticsChange,
    StatisticsDay,
    StatisticsDirty,
    Target,
)
from tests.factories import create_unit, the_city

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def told() -> list[tuple[str, str, str, str | None, datetime]]:
    """What a city tells, but for the codes and links that are drawn by chance."""
    with reading() as session:
        rows = session.scalars(select(Report).order_by(Report.received_at, Report.id)).all()
        return [(r.text, r.state, r.visibility, r.outcome, r.changed_at) for r in rows]


@pytest.mark.usefixtures("app_context")
def test_a_small_city_shows_every_state_and_leaves_no_work_behind() -> None:
    loaded = load_city(the_city(), seed=1, reports=40, now=NOW)
    assert loaded.reports == 40
    assert loaded.photos
    assert loaded.ratings
    with reading() as session:
        reports = session.scalars(select(Report)).all()
        assert {report.state for report in reports} >= {
            *(ReportState.RECEIVED, ReportState.REJECTED, ReportState.DISPATCHED),
            *(ReportState.IN_PROGRESS, ReportState.ANSWERED, ReportState.CLOSED),
        }
        assert {report.visibility for report in reports} == set(Visibility)
        assert any(len(report.rounds) > 1 for report in reports)
        assert any(
            report.due and report.due < NOW and report.closed_at is None for report in reports
        )
        assert all(report.area for report in reports)
        moments = session.scalars(select(HistoryEntry.at)).all()
        assert NOW - timedelta(days=366) < min(moments)
        assert max(moments) <= NOW
        photos = session.scalars(select(Photo)).all()
        assert all(photo.state is PhotoState.READY and photo.report_id for photo in photos)
        assert all(the_city().files.exists(photo.large_key) for photo in photos)
        assert {row.state for row in session.scalars(select(OutboxRow))} == {OutboxState.DONE}
        assert session.scalars(select(StatisticsDirty)).all() == []
        assert session.scalars(select(StatisticsChange)).all() == []
        assert session.scalars(select(StatisticsDay)).all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_seed_makes_the_same_city_again(app: Flask) -> None:
    with app.app_context():
        load_city(the_city(), seed=7, reports=25, now=NOW)
        first = told()
        with transaction(the_city()) as session:
            # As if the load had broken off before its end: the next one begins anew.
            session.get_one(ReferenceVersion, MARK).version = BEGUN
        assert is_empty()
        load_city(the_city(), seed=7, reports=25, now=NOW)
        assert told() == first


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_city_loaded_in_two_processes_is_the_same_city(app: Flask) -> None:
    with app.app_context():
        load_city(the_city(), seed=7, reports=25, now=NOW, shares=2)
        first = told()
        with transaction(the_city()) as session:
            assert session.scalars(select(OutboxRow).filter_by(state="")).all() == []
            session.get_one(ReferenceVersion, MARK).version = BEGUN
        load_city(the_city(), seed=7, reports=25, now=NOW)
        assert told() == first
        assert verify_statistics(city=the_city()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_desk_of_a_city_has_something_to_do(app: Flask) -> None:
    with app.app_context():
        load_city(the_city(), seed=2026, reports=150, now=NOW, shares=2)
        with reading() as session:
            kinds = set(session.scalars(select(HistoryEntry.kind)))
            assert kinds >= {
                *(HistoryKind.QUESTION_ASKED, HistoryKind.QUESTION_ANSWERED, HistoryKind.NOTE),
                *(HistoryKind.RETURNED, HistoryKind.EXTENSION_ASKED, HistoryKind.REQUEST_ACCEPTED),
                *(HistoryKind.MARKED_DUPLICATE, HistoryKind.REOPENED, HistoryKind.DUE_MOVED),
            }
            assert session.scalars(
                select(CaseRequest).where(CaseRequest.decided_at.is_(None))
            ).all()
            assert session.scalars(select(Assignment).where(Assignment.return_undecided)).all()
            assert session.scalars(select(Follower)).all()
            assert session.scalars(select(CounterRating)).all()
            targets = session.scalars(select(Target)).all()
            assert {target.signed_at is None for target in targets} == {True, False}
            sheets = session.scalars(select(CommitmentSheet)).all()
            assert {one.unit_id for one in sheets} == {one.unit_id for one in targets}
            assert all(the_city().files.exists(one.vi_key) for one in sheets)
            assert session.scalars(select(PublishedRatings)).all()
            before: dict[int, datetime] = {}
            for entry in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)):
                assert before.get(entry.report_id, entry.at) <= entry.at
                before[entry.report_id] = entry.at


@pytest.mark.usefixtures("app_context")
def test_a_database_in_use_is_left_alone() -> None:
    create_unit()
    assert not is_empty()
    with pytest.raises(Conflict):
        load_city(the_city(), seed=1, reports=1, now=NOW)


def test_the_pool_has_sixty_pictures() -> None:
    assert 2 * sum(VARIANTS.values()) == 60
