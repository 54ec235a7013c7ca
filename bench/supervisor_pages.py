"""The supervisors' pages: their addresses, and visits of them in a small and a large city."""

from flask import Flask
from sqlalchemy import func, select

from bench.pages import sign_in
from bench.rows import Row
from bench.visits import compare, seconds
from feedback.demo.logins import EXAMPLES
from feedback.domain.measures import CITY
from feedback.extensions import db
from feedback.storage.models import Report, StatisticsReady, Unit
from feedback.web.supervisor.topics import Topic

WANTED = 1.5
SUPERVISOR = next(login for login, role in EXAMPLES.items() if role == "supervisor")


def addresses_of(cities: list[Flask]) -> dict[str, list[str]]:
    """Every page, by what it is called, with its address in each city."""
    found: dict[str, list[str]] = {}
    for app in cities:
        with app.app_context():
            unit = db.session.scalar(
                select(Report.unit_id).group_by(Report.unit_id).order_by(func.count().desc())
            )
            assert db.session.get(Unit, unit)
            row = db.session.get_one(StatisticsReady, (CITY, "30"))
            moment = row.data_time.isoformat().replace("+", "%2B")
            db.session.remove()
        own = {
            "overview": "/supervisor",
            "overview of a year": "/supervisor?window=365",
            "a unit": f"/supervisor?scope=unit:{unit}",
            **{topic.value: f"/supervisor/topics/{topic.value}?by=unit" for topic in Topic},
            "times by area, a year": "/supervisor/topics/times?by=area&window=365",
            "against the year before": "/supervisor?against=year",
            "targets": "/supervisor/targets",
            "period reports": "/supervisor/reports",
            "surveys": "/supervisor/surveys",
            "letters": "/supervisor/letters",
            "counters": "/supervisor/counters",
            **{
                f"cases: {figure}, {window} days": f"/supervisor/cases?figure={figure}"
                f"&scope={CITY}&window={window}&as_of={moment}"
                for figure in ("received", "closed", "due_on_time", "open")
                for window in ("30", "365")
            },
            "wall": "/supervisor/wall/data",
        }
        for name, address in own.items():
            found.setdefault(name, []).append(address)
    return found


def compared(name: str, addresses: list[str], cities: list[Flask], rounds: int) -> list[Row]:
    """Two rows of one page: its ratio, and its times in both cities."""
    small, large = (
        (sign_in(app, SUPERVISOR), address) for app, address in zip(cities, addresses, strict=True)
    )
    for visit in (small, large):
        seconds(*visit)
    return compare(f"{name}: p95 of large ÷ small", (small, large), rounds, WANTED)
