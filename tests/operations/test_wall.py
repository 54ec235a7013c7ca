"""The wall's snapshot says what the tables say, and no more."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from feedback.operations.refresh_wall import NEWEST, refresh_wall
from feedback.operations.transaction import reading
from feedback.storage.models import Report, Round, WallSnapshot
from feedback.storage.queries import wall
from tests.factories import create_case, create_closed_report, create_report, create_unit, the_city
from tests.operations.lives import Town, count

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)  # half past four on a Wednesday afternoon
HOUR = timedelta(hours=1)


def snapshot() -> WallSnapshot:
    """The city's snapshot as it is stored."""
    with reading() as session:
        found = wall.snapshot(session)
        assert found is not None
        session.expunge(found)
        return found


def test_the_snapshot_equals_the_tables(town: Town) -> None:
    other = create_unit("Đơn vị khác")
    for days in (1, 12, 30):  # the older ones are late by now
        create_case(town.unit, category=town.category, now=NOW - timedelta(days=days))
    create_case(other, category=town.category, now=NOW - timedelta(days=20))
    create_closed_report(
        town.unit, category=town.category, handler=town.handler, now=NOW - 3 * HOUR
    )
    create_report(text="bí mật của người báo", area_id=town.area.id, now=NOW - 2 * HOUR)
    refresh_wall(city=the_city(), now=NOW)
    boards = snapshot().boards
    midnight = datetime(2026, 3, 10, 17, tzinfo=UTC)
    with reading() as session:
        reports = session.scalars(select(Report)).all()
        rounds = session.scalars(select(Round)).all()
        at_units = [r for r in reports if r.state in wall.AT_UNITS]
        late = [r for r in at_units if r.due and r.due < NOW and r.state != "waiting"]
        came = Counter(r.received_at.hour for r in reports if r.received_at >= midnight)
        closed = [r for r in rounds if r.closed_at and r.closed_at >= midnight]
        newest = sorted(reports, key=lambda r: (r.received_at, r.id), reverse=True)
        assert sum(boards["received"]) == sum(came.values()) == 2
        assert boards["received"][13] == 1  # three hours earlier, on people's clocks
        assert sum(boards["closed"]) == len(closed)
        assert (boards["open"], boards["late"]) == (len(at_units), len(late))
        assert late
        assert boards["undecided"] == sum(r.state == "received" for r in reports)
        assert {unit["name"][0]: (unit["open"], unit["late"]) for unit in boards["units"]} == {
            name: (
                sum(r.unit_id == unit_id for r in at_units),
                sum(r.unit_id == unit_id for r in late),
            )
            for name, unit_id in ((town.unit.name, town.unit.id), (other.name, other.id))
        }
        open_here = [r for r in reports if r.state in wall.OPEN and r.area_id == town.area.id]
        assert boards["areas"].get(str(town.area.id), 0) == len(open_here)
        assert [line["code"] for line in boards["newest"]] == [r.code for r in newest[:NEWEST]]
    assert "bí mật" not in json.dumps(boards, ensure_ascii=False)


def test_a_snapshot_asked_for_at_once_again_is_not_made_again(town: Town) -> None:
    refresh_wall(city=the_city(), now=NOW)
    create_report(now=NOW)
    refresh_wall(city=the_city(), now=NOW + timedelta(seconds=1))
    assert snapshot().data_time == NOW
    refresh_wall(city=the_city(), now=NOW + timedelta(seconds=6))
    assert snapshot().data_time == NOW + timedelta(seconds=6)
    assert snapshot().boards["undecided"] == 1
    assert count(WallSnapshot) == 1
