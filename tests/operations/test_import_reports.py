"""Reports of another system are taken over once, whole, and their figures are the file's own."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sqlalchemy import func, select

from feedback.domain.day_figures import StoredDay
from feedback.domain.durations import Duration, TimeKey
from feedback.domain.imported import read_mapping
from feedback.domain.measures import Figure
from feedback.domain.samples import TimeSample
from feedback.domain.states import Clock, ReportState, Visibility
from feedback.operations.import_reports import Imported, import_reports
from feedback.operations.rebuild_statistics import rebuild_all
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import Category, HistoryEntry, Report, ServiceLevel, Unit
from feedback.storage.queries import statistics
from tests.factories import create_service_level, create_unit, the_city

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROWS = 400
ANSWER = TimeKey(Duration.ANSWER, Clock.ROUND_THE_CLOCK)
LEVEL_MINUTES = 3 * 24 * 60
CATEGORIES = ("Rác thải", "Chiếu sáng", "Cây xanh")
UNITS = ("HEPCO", "Công viên", "Đô thị")
FIELDS = ("id", "sent", "done", "due", "topic", "office", "state", "lat", "lon", "where")
MAPPING = {
    "source": "old system",
    "time_zone": "Asia/Ho_Chi_Minh",
    "clock": "round_the_clock",
    "create_missing": True,
    "columns": {
        **{"id": "id", "received": "sent", "closed": "done", "due": "due", "status": "state"},
        **{"category": "topic", "unit": "office", "address": "where"},
        **{"latitude": "lat", "longitude": "lon"},
    },
    "statuses": {"Closed": "fixed", "Cancelled": "withdrawn", "Open": "open", "Sent on": "refused"},
}


def write_file(path: Path) -> None:
    """A file with the dirt of real ones: closed before sent, never closed, no place, due before."""
    random = Random("another system")  # noqa: S311 (repeatable on purpose)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, FIELDS)
        writer.writeheader()
        for number in range(ROWS):
            sent = datetime(2026, 1, 1) + timedelta(minutes=random.randrange(200 * 24 * 60))  # noqa: DTZ001 (a file's local time)
            state = random.choice(("Closed",) * 8 + ("Cancelled", "Open", "Sent on"))
            done = sent + timedelta(minutes=random.randint(-200 if number % 25 == 0 else 0, 9_000))
            placed = random.random() < 0.9
            writer.writerow(
                {
                    "id": number if number % 40 else number // 2,
                    "sent": sent.isoformat(),
                    "done": "" if state == "Open" or number % 50 == 1 else done.isoformat(),
                    "due": (sent + timedelta(days=random.choice((-1, 3, 5)))).isoformat(),
                    "topic": random.choice(CATEGORIES),
                    "office": random.choice(UNITS),
                    "state": state,
                    "lat": "16.46" if placed else "",
                    "lon": "107.59" if placed else "",
                    "where": random.choice(("", "Kiệt 12 Nguyễn Trãi")),
                }
            )


def run(path: Path, *, dry_run: bool = False, only: int | None = None, **words: Any) -> Imported:
    """Import the file, or its first rows; `words` stand in for those of the mapping."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))[:only]
    with reading() as session:
        level = session.scalars(select(ServiceLevel.code)).one()
    mapping = read_mapping(MAPPING | {"service_level": level} | words)
    return import_reports(rows, mapping, city=the_city(), now=NOW, dry_run=dry_run)


@pytest.fixture
def file(app_context: None, tmp_path: Path) -> Path:
    """A file to import, and the service level its mapping names."""
    create_service_level(
        clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=LEVEL_MINUTES
    )
    path = tmp_path / "old.csv"
    write_file(path)
    return path


def independent(path: Path) -> pd.DataFrame:
    """The rows that make sense, by pandas and nothing of ours."""
    frame = pd.read_csv(path, dtype={"id": str})
    for column in ("sent", "done", "due"):
        frame[column] = pd.to_datetime(frame[column]).dt.tz_localize(ZONE)
    open_, ended = frame.state == "Open", frame.done.notna()
    kept = frame[(open_ & ~ended) | (~open_ & ended & (frame.done >= frame.sent))]
    kept = kept.drop_duplicates("id")
    minutes = kept.done.dt.floor("min") - kept.sent.dt.floor("min")
    level = kept.sent + pd.Timedelta(minutes=LEVEL_MINUTES)
    due = kept.due.where(kept.due >= kept.sent, level)
    return kept.assign(minutes=minutes.dt.total_seconds() // 60, due=due)


def figures_of(scope: str) -> tuple[Counter[Figure], list[int]]:
    """What all days together count, and the times to answer."""
    with reading() as session:
        days = [
            StoredDay.from_json(row.counts, row.times)
            for row in statistics.day_rows(session, [scope], date(2026, 1, 1), date(2026, 11, 20))
        ]
    counts: Counter[Figure] = Counter()
    for day in days:
        counts.update(day.counts)
    times = TimeSample.joined(day.finished[ANSWER] for day in days if ANSWER in day.finished)
    return counts, list(Counter(times.histogram()).elements())


def scopes() -> Iterable[tuple[str, str, str]]:
    """Every scope with the column and word of the file that it is."""
    with reading() as session:
        for unit in session.scalars(select(Unit)):
            yield f"unit:{unit.id}", "office", unit.name
        for category in session.scalars(select(Category)):
            yield f"category:{category.id}", "topic", category.name_vi


def test_the_figures_of_an_imported_file_equal_an_independent_computation(file: Path) -> None:
    done = run(file)
    rebuild_all(the_city(), NOW)
    frame = independent(file)
    assert done.stored == len(frame) < ROWS
    assert done.stored + len(done.refused) == ROWS
    assert sorted(done.new_units) == sorted(UNITS)
    compared = 0
    for scope, column, word in scopes():
        own = frame[frame[column] == word]
        counts, times = figures_of(scope)
        counted = own[own.state != "Cancelled"]
        closed = counted[counted.done.notna()]
        assert counts[Figure.RECEIVED] == len(counted)
        assert counts[Figure.EXCLUDED] == (own.state == "Cancelled").sum()
        assert counts[Figure.CLOSED] == len(closed)
        assert counts[Figure.CLOSED_FIXED] == (closed.state == "Closed").sum()
        assert dict(Counter(times)) == closed.minutes.value_counts().to_dict()
        assert counts[Figure.FINISHED_ROUND_THE_CLOCK] == len(closed)
        assert pd.Series(times).median() == closed.minutes.median()
        assert counts[Figure.DUE_ORIGINAL] == len(counted)
        on_time = counted.done.notna() & (counted.done <= counted.due)
        assert counts[Figure.DUE_ORIGINAL_ON_TIME] == on_time.sum()
        compared += 1
    assert compared == len(UNITS) + len(CATEGORIES)
    assert verify_statistics(city=the_city()) == []


def test_a_file_that_broke_off_or_comes_again_is_stored_once(file: Path) -> None:
    begun = run(file, only=150)
    rest = run(file)
    again = run(file)
    assert begun.stored == rest.known > 0
    assert (again.stored, again.known) == (0, begun.stored + rest.stored)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == again.known
        assert session.scalar(select(func.count(Report.key_at_source.distinct()))) == again.known


def test_a_dry_run_tells_the_same_and_stores_nothing(file: Path) -> None:
    told = run(file, dry_run=True)
    with reading() as session:
        for kind in (Report, HistoryEntry, Unit, Category):
            assert session.scalar(select(func.count()).select_from(kind)) == 0
    assert run(file) == told


def test_an_imported_report_is_private_and_its_category_is_offered_to_nobody(file: Path) -> None:
    run(file)
    with reading() as session:
        reports = session.scalars(select(Report)).all()
        assert {report.visibility for report in reports} == {Visibility.PRIVATE}
        assert {report.state for report in reports} == {
            *(ReportState.CLOSED, ReportState.WITHDRAWN, ReportState.DISPATCHED)
        }
        assert all(report.lead_assignment_id for report in reports)
        days = [(row.valid_from, row.valid_to) for row in session.scalars(select(Category))]
        assert all(last is not None and first <= last < NOW.date() for first, last in days)


def test_words_the_mapping_names_are_units_we_have_and_others_are_refused(file: Path) -> None:
    unit = create_unit()
    done = run(file, create_missing=False, units={"HEPCO": unit.code, "Đô thị": "nobody"})
    assert done.stored == 0
    assert {one.reason for one in done.refused if one.column == "topic"} == {"unknown"}
