"""The wall of the operations centre follows what happens."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.models import Report, WallSnapshot
from feedback.storage.queries import wall

PAUSE = timedelta(seconds=5)  # nobody at a wall sees more often
NEWEST, UNITS = 8, 10
HOURS = 24


def refresh_wall(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Make the wall's snapshot anew; asked for without a claim, only when it is not quite fresh.

    What it reads grows with the open reports and those of today, not with all there have been.
    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        take_turn(session, "wall")
        known = wall.snapshot(session)
        if known is not None and claim is None and now - known.data_time < PAUSE:
            return
        boards = boards_at(session, city, now)
        if known is None:
            session.add(WallSnapshot(name=wall.CITY, boards=boards, data_time=now))
        else:
            known.boards, known.data_time = boards, now
        complete(session, claim, now)


def boards_at(session: Session, city: City, now: datetime) -> dict[str, Any]:
    """Everything the wall shows, from the tables as they are.

    `received` and `closed` have a number for each hour of the local day; names are in Vietnamese
    and English; the keys of `areas` are ids.
    """
    midnight = datetime.combine(now.astimezone(city.zone).date(), time(), city.zone)
    loads = wall.loads(session, now)
    return {
        "received": _by_hour(wall.received_since(session, midnight), city),
        "closed": _by_hour(wall.closed_since(session, midnight), city),
        "undecided": wall.count_undecided(session),
        "open": sum(load.open for load in loads),
        "late": sum(load.late for load in loads),
        "units": [
            {"name": [load.name, load.name_en], "open": load.open, "late": load.late}
            for load in loads[:UNITS]
        ],
        "more_units": len(loads[UNITS:]),
        "areas": {str(area_id): n for area_id, n in wall.open_by_area(session).items()},
        "newest": [_line(report) for report in wall.newest(session, NEWEST)],
    }


def _by_hour(moments: Iterable[datetime], city: City) -> list[int]:
    counts = Counter(moment.astimezone(city.zone).hour for moment in moments)
    return [counts[hour] for hour in range(HOURS)]


def _line(report: Report) -> dict[str, Any]:
    category, area, unit = report.category, report.area, report.unit
    return {
        "code": report.code,
        "category": [category.name_vi, category.name_en] if category else ["", ""],
        "area": [area.full_name, area.name_en] if area else ["", ""],
        "unit": [unit.name, unit.name_en] if unit else ["", ""],
        "state": report.state.value,
        "received_at": report.received_at.isoformat(),
    }
