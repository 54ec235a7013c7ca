"""Every column of every table is sent along with every form; only what a form asks for counts."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from feedback.domain.states import Channel, ReportState, Visibility
from feedback.extensions import Model
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Report, Unit
from tests.authorization.doors import doors, knock
from tests.authorization.policies import POLICIES, Answer, Who
from tests.authorization.town import Town
from tests.support.staff import csrf_token, new_client
from tests.web.forms import report_fields

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# What a climber would like to set, where a name says what it is; numbers and words elsewhere.
WISHES = {
    "role": "administrator",
    "active": "1",
    "state": "closed",
    "visibility": "public",
    "channel": "phone",
    "outcome": "fixed",
    "version": None,  # the form's own
    "password_hash": "known",
    "session_key": "known",
    "token": "A" * 32,
    "code": "222-222",
}
SENDERS = (Who.REPORTER, Who.HANDLER, Who.HEAD, Who.DISPATCHER, Who.SUPERVISOR)
# The administrator's own desk is where accounts and units are changed.
STAFF_ROWS = (Account, Unit)
# What a report keeps from its first day to its last, whoever touches it.
FIXED = (
    *("id", "code", "token", "submission_id", "submission_digest", "channel"),
    *("received_at", "reporter_id", "language", "text", "address_text"),
)


def every_column() -> dict[str, str]:
    """A value for each column name of the product, but for those a form needs for itself."""
    names = {column.name for table in Model.metadata.sorted_tables for column in table.columns}
    wanted = {name: WISHES.get(name, "1") for name in names}
    return {name: value for name, value in wanted.items() if value is not None}


def rows_of(kind: type[Model], columns: tuple[str, ...] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a table as they are stored."""
    table = kind.__table__
    shown = [table.c[name] for name in columns] if columns else list(table.c)
    with reading() as session:
        return [tuple(row) for row in session.execute(select(*shown).order_by(table.c.id))]


def test_every_column_of_the_product_is_tried() -> None:
    assert every_column().keys() >= {"role", "unit_id", "visibility", "token", "handler_id"}
    assert len(every_column()) > 150


@on_sqlite
@pytest.mark.parametrize("who", SENDERS)
def test_no_form_of_a_desk_or_link_changes_accounts_units_or_what_a_report_is(
    app: Flask, town: Town, who: Who
) -> None:
    client = town.client(who)
    with app.app_context():
        ids = [row[0] for row in rows_of(Report, ("id",))]
        before = [rows_of(kind) for kind in STAFF_ROWS], rows_of(Report, FIXED)
    tried = 0
    for door in doors(app):
        if door.method == "GET" or POLICIES[door.endpoint].own[who] is not Answer.IN:
            continue
        answer = knock(town, client, door, "own", who, extra=every_column())
        assert answer.status_code != 500, str(door)
        tried += 1
    assert tried > 5
    with app.app_context():
        after = [rows_of(kind) for kind in STAFF_ROWS], rows_of(Report, FIXED)
    assert after[0] == before[0]
    assert [row for row in after[1] if row[0] in ids] == before[1]


@on_sqlite
def test_a_report_is_what_its_form_asks_for_and_nothing_else(app: Flask, town: Town) -> None:
    client = new_client(app)
    fields = {**every_column(), "csrf_token": csrf_token(client), **report_fields()}
    fields |= dict.fromkeys(("latitude", "longitude", "area_id", "place_source"), "")
    for name in ("contact_name", "contact_email", "contact_phone", "photo_ids", "website"):
        fields.pop(name, None)
    sent = client.post("/report", data=fields)
    assert sent.status_code == 303, sent.text
    with app.app_context(), reading() as session:
        report = session.query(Report).order_by(Report.id.desc()).first()
        assert report is not None
        assert report.state is ReportState.RECEIVED
        assert report.visibility is Visibility.PENDING
        assert report.channel is Channel.WEB
        assert (report.code, report.token) != (WISHES["code"], WISHES["token"])
        assert (report.unit_id, report.lead_assignment_id, report.root_id) == (None, None, None)
        assert report.version == 1
