"""How many queries each page makes, at two sizes of the city: the count must not grow."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from bench.rows import Row
from config import ROOT, Settings
from feedback.app import create_app
from feedback.demo.load import SEED, load_city
from feedback.demo.staff import PASSWORD
from feedback.domain.states import ReportState, Visibility
from feedback.extensions import db
from feedback.storage.models import Report

SIZES = (150, 600)
HEAD, DISPATCHER, SUPERVISOR = "hepco.truong", "dieuphoi1", "giamsat"


def run() -> list[Row]:
    """One row a page: its queries at both sizes."""
    counts = [_counted(size) for size in SIZES]
    small, large = (f"{size} reports" for size in SIZES)
    return [
        Row(
            name,
            f"{counts[0][name]} queries at {small}, {counts[1][name]} at {large}",
            "constant",
        )
        for name in counts[0]
    ]


def _counted(reports: int) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        app = _city(Path(folder), reports)
        with app.app_context():
            engine = db.engine
            code, link = examples()
        pages = {
            "/": None,
            "/report": None,
            "/reports": None,
            "/reports/<code>": None,
            "/r/<code>/<token>": None,
            "/staff/queue": HEAD,
            "/staff/queue (whole city)": DISPATCHER,
            "/staff/reports/<code>": DISPATCHER,
            "/staff/triage": DISPATCHER,
            "/supervisor": SUPERVISOR,
        }
        found = {}
        for name, login in pages.items():
            address = name.partition(" ")[0].replace("/r/<code>/<token>", link)
            client = sign_in(app, login)
            found[name] = count_queries(app, client, address.replace("<code>", code))
        with app.app_context():
            engine.dispose()
    return found


def _city(folder: Path, reports: int) -> Flask:
    environment = {
        "ENVIRONMENT": "testing",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'city.sqlite3'}",
    }
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        load_city(app.extensions["city"], seed=SEED, reports=reports, now=datetime.now(UTC))
    return app


def examples() -> tuple[str, str]:
    """The code of a closed published report, and its secret link."""
    report = db.session.scalars(
        select(Report)
        .where(Report.visibility == Visibility.PUBLIC, Report.state == ReportState.CLOSED)
        .order_by(Report.id)
        .limit(1)
    ).one()
    return report.code, f"/r/{report.code}/{report.token}"


def sign_in(app: Flask, login: str | None) -> FlaskClient:
    """A client that has signed in to the demo city, or that nobody has."""
    client = app.test_client()
    if login is None:
        return client
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token is not None
    form = {"csrf_token": token[1], "login": login, "password": PASSWORD}
    assert client.post("/login", data=form).status_code in {302, 303}
    return client


def count_queries(app: Flask, client: FlaskClient, address: str) -> int:
    """The queries of one page, once everything is read that is read once a process."""
    client.get(address)
    with app.app_context(), _statements(db.engine) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return len(seen)


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
