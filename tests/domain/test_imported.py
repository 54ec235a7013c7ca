"""Rows of another system's file: understood, or refused with the reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from feedback.domain.errors import Invalid
from feedback.domain.imported import Fate, ImportedReport, Refusal, read_mapping, read_row

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MAPPING: dict[str, Any] = {
    "source": "old",
    "time_zone": "Asia/Ho_Chi_Minh",
    "clock": "working",
    "service_level": "standard",
    "due_is_day": True,
    "columns": {
        "id": "ID",
        "received": "Ngày gửi",
        "closed": "Ngày xong",
        "due": "Hạn",
        "category": "Lĩnh vực",
        "unit": "Đơn vị",
        "status": "Trạng thái",
        "latitude": "lat",
        "longitude": "lon",
    },
    "statuses": {"Xong": "fixed", "Đang làm": "open", "Rút": "withdrawn"},
}
ROW = {
    "ID": "17",
    "Ngày gửi": "2026-03-02 08:00",
    "Ngày xong": "2026-03-04T16:30:00",
    "Hạn": "2026-03-11",
    "Lĩnh vực": "Rác",
    "Đơn vị": "HEPCO",
    "Trạng thái": "Xong",
    "lat": "16.46",
    "lon": "107.59",
}


def read(**changes: str) -> ImportedReport | Refusal:
    names = {"received": "Ngày gửi", "closed": "Ngày xong", "due": "Hạn", "status": "Trạng thái"}
    row = ROW | {names.get(name, name): value for name, value in changes.items()}
    return read_row(2, row, read_mapping(MAPPING), NOW)


def test_a_row_is_read_in_the_local_time_of_the_file() -> None:
    report = read()
    assert isinstance(report, ImportedReport)
    assert report.received_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert report.ended_at == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    assert report.due == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)  # the end of that local day
    assert report.fate is Fate.FIXED
    assert report.point == (16.46, 107.59)


def test_an_open_row_has_no_end_and_a_place_may_be_missing() -> None:
    report = read(status="Đang làm", closed="", lat="", lon="")
    assert isinstance(report, ImportedReport)
    assert (report.ended_at, report.point) == (None, None)


def test_a_due_moment_before_the_report_is_left_out_and_told_of() -> None:
    report = read(due="2026-02-27")
    assert isinstance(report, ImportedReport)
    assert report.due is None
    assert report.left_out == Refusal(2, "17", "Hạn", "due_before_received", "2026-02-27")


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"ID": " "}, "ID", "missing"),
        ({"ID": "9" * 81}, "ID", "too_long"),
        ({"Lĩnh vực": ""}, "Lĩnh vực", "missing"),
        ({"received": ""}, "Ngày gửi", "missing"),
        ({"received": "02/03/2026"}, "Ngày gửi", "no_moment"),
        ({"received": "2026-11-21"}, "Ngày gửi", "in_the_future"),
        ({"closed": "2026-03-01T10:00:00"}, "Ngày xong", "closed_before_received"),
        ({"closed": ""}, "Ngày xong", "never_closed"),
        ({"closed": "2027-01-01"}, "Ngày xong", "in_the_future"),
        ({"status": "Đang làm"}, "Ngày xong", "open_but_closed"),
        ({"status": "???"}, "Trạng thái", "unknown"),
        ({"lat": "north"}, "lat", "no_coordinate"),
        ({"lon": "181"}, "lon", "no_coordinate"),
        ({"lon": "nan"}, "lon", "no_coordinate"),
        ({"lat": ""}, "lat", "no_coordinate"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_its_column(
    changes: dict[str, str], column: str, reason: str
) -> None:
    refusal = read(**changes)
    assert isinstance(refusal, Refusal)
    assert (refusal.column, refusal.reason) == (column, reason)


def test_an_hour_that_happens_twice_is_taken_as_its_first() -> None:
    mapping = read_mapping(MAPPING | {"time_zone": "America/Los_Angeles"})
    row = ROW | {"Ngày gửi": "2025-11-02T01:30:00"}
    report = read_row(2, row, mapping, NOW)
    assert isinstance(report, ImportedReport)
    assert report.received_at == datetime(2025, 11, 2, 8, 30, tzinfo=UTC)


def test_a_mapping_is_refused_with_every_key_that_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        read_mapping(
            {
                "time_zone": "Mars/Olympus",
                "clock": "sundial",
                "columns": {"id": "ID", "colour": "c"},
                "statuses": {"Xong": "vanished"},
            }
        )
    assert refused.value.fields == {
        "source": "required",
        "service_level": "required",
        "time_zone": "unknown",
        "clock": "unknown",
        "columns.colour": "unknown",
        "columns.received": "required",
        "columns.category": "required",
        "columns.unit": "required",
        "columns.status": "required",
        "statuses.Xong": "unknown",
    }
