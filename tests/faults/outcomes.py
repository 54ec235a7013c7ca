"""What must be true in the end, whatever was killed on the way."""

from collections import Counter

from flask import Flask

from feedback.domain.events import PROCESS_PHOTO
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoState
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.files.keys import ORIGINALS
from feedback.storage.models import (
    HistoryEntry,
    OutboxRow,
    OutboxState,
    Photo,
    Report,
    StatisticsChange,
    StatisticsDay,
)
from tests.factories import the_city
from tests.faults.citizens import Citizens
from tests.support.waiting import wait_until

SECONDS_TO_CATCH_UP = 90.0


def wait_until_all_is_done(app: Flask, within_seconds: float = SECONDS_TO_CATCH_UP) -> None:
    """Wait until the outbox holds nothing but done work."""
    left: dict[str, int] = {}

    def is_done() -> bool:
        left.clear()
        left.update(undone(app))
        return not left

    try:
        wait_until(is_done, within_seconds, "all promised work to be done")
    except AssertionError as error:
        raise AssertionError(f"{error}; left: {left}") from None


def undone(app: Flask) -> dict[str, int]:
    """How many rows there are of work that is not done, by subscription, state and error."""
    with app.app_context(), reading() as session:
        rows = session.query(OutboxRow).filter(OutboxRow.state != OutboxState.DONE)
        return dict(Counter(f"{row.subscription} {row.state} {row.last_error}" for row in rows))


def assert_nothing_was_lost_or_doubled(app: Flask, citizens: Citizens) -> None:
    """Every accepted report is there once, every photo was processed once, and the figures are
    what a recomputation from history gives."""
    with app.app_context():
        _assert_reports(citizens)
        _assert_photos(citizens)
        _assert_figures()


def _assert_reports(citizens: Citizens) -> None:
    with reading() as session:
        stored = {report.submission_id: report for report in session.query(Report)}
        assert {key: report.code for key, report in stored.items()} == citizens.accepted
        received = Counter(
            entry.report_id
            for entry in session.query(HistoryEntry).filter_by(kind=HistoryKind.RECEIVED)
        )
        assert received == Counter(report.id for report in stored.values())
        assert all(len(report.assignments) == 1 for report in stored.values())


def _assert_photos(citizens: Citizens) -> None:
    files = the_city().files
    with reading() as session:
        photos = session.query(Photo).all()
        assert {photo.upload_id for photo in photos} == citizens.photos
        assert {photo.state for photo in photos} <= {PhotoState.READY}
        assert all(photo.report_id for photo in photos)
        assert all(files.exists(p.large_key) and files.exists(p.small_key) for p in photos)
        done = session.query(OutboxRow).filter_by(subscription=PROCESS_PHOTO.name)
        assert Counter(row.payload["photo_id"] for row in done) == Counter(p.id for p in photos)
    assert list(files.keys(ORIGINALS)) == []


def _assert_figures() -> None:
    with reading() as session:
        assert session.query(StatisticsChange).count() == 0
        assert session.query(StatisticsDay).count() > 0
    assert verify_statistics(city=the_city()) == []
