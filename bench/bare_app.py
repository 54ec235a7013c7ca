"""The counterpart of a submission: one bare Flask view that makes the same inserts by hand.

It keeps nothing of what the product does besides: no schema, no CSRF, no routing, no working time,
no idempotence, no doorbell. `BARE_DATABASE_URL` is the database of a migrated city.
"""

import fcntl
import os
import secrets
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, jsonify, request
from sqlalchemy import Engine, create_engine, event, insert, update

from feedback.storage.models import (
    Assignment,
    HistoryEntry,
    OutboxRow,
    Report,
    Round,
    StatisticsDirty,
)

app = Flask(__name__)
KINDS = ("received", "routed", "round_started", "dispatched", "lead_named", "visibility_changed")


def _engine() -> Engine:
    engine = create_engine(os.environ["BARE_DATABASE_URL"])
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(connection, _record):
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 15000"):
        connection.execute(f"PRAGMA {pragma}")


engine = _engine()
lock_path = engine.url.database if engine.dialect.name == "sqlite" else None


def _writers_queue():
    """The same fair queue of writers; without it SQLite's own waiting would be measured."""
    if lock_path is None:
        return nullcontext()
    lock = Path(f"{lock_path}.write-lock").open("a")  # noqa: SIM115 - closed by its `with`
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


@app.get("/healthz")
def health():
    """The server answers."""
    return jsonify({"ready": True})


@app.post("/report")
def submit():
    """Insert what a routed report leaves behind, and answer with its code."""
    now, code = datetime.now(UTC), secrets.token_hex(5)
    due = now + timedelta(days=7)
    with _writers_queue(), engine.begin() as connection:
        report_id = _insert(connection, Report, _report(request.form, code, now, due))
        round_id = _insert(connection, Round, _round(report_id, now, due))
        assignment_id = _insert(connection, Assignment, _assignment(report_id, round_id, now, due))
        entries = [_entry(report_id, assignment_id, kind, now) for kind in KINDS]
        connection.execute(insert(HistoryEntry), entries)
        connection.execute(insert(StatisticsDirty), [{"day": now.date()}, {"day": due.date()}])
        _insert(connection, OutboxRow, _promise(now))
        lead = update(Report).where(Report.id == report_id)
        connection.execute(lead.values(lead_assignment_id=assignment_id))
    return jsonify({"code": code}), 201


def _insert(connection, table, values):
    return connection.execute(insert(table).values(values)).inserted_primary_key[0]


def _report(form, code, now, due):
    return {
        "code": code,
        "token": secrets.token_urlsafe(24),
        "submission_id": form["submission_id"],
        "submission_digest": "x" * 64,
        "version": 1,
        "state": "dispatched",
        "visibility": "public",
        "channel": "web",
        "language": "vi",
        "category_id": int(form["category_id"]),
        "area_id": 1,
        "unit_id": 1,
        "latitude": float(form["latitude"]),
        "longitude": float(form["longitude"]),
        "text": form["text"],
        "folded_text": form["text"],
        "address_text": "",
        "rejection_text": "",
        "received_at": now,
        "due": due,
        "changed_at": now,
    }


def _round(report_id, now, due):
    return {
        "report_id": report_id,
        "number": 1,
        "unit_id": 1,
        "service_level_id": 1,
        "clock": "working",
        "calendar_version": 1,
        "started_at": now,
        "original_due": due,
        "due": due,
        "waited_minutes": 0,
    }


def _assignment(report_id, round_id, now, due):
    return {
        "report_id": report_id,
        "round_id": round_id,
        "unit_id": 1,
        "rule_id": 1,
        "state": "dispatched",
        "version": 1,
        "due": due,
        "dispatched_at": now,
        "answer_text": "",
    }


def _entry(report_id, assignment_id, kind, now):
    return {
        "report_id": report_id,
        "assignment_id": assignment_id,
        "at": now,
        "kind": kind,
        "actor_kind": "system",
        "report_version": 1,
        "note": "",
        "public": True,
        "data": {"at": now.isoformat()},
    }


def _promise(now):
    return {
        "event": "figures_changed",
        "subscription": "refresh_statistics",
        "payload": {},
        "state": "pending",
        "attempt": 0,
        "next_at": now,
        "created_at": now,
        "last_error": "",
    }
