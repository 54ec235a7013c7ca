"""Reports of another system come in through a page: sent, looked at, then imported or discarded."""

import gzip
import io
import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import MEGABYTE
from feedback.domain.report_imports import ImportStage
from feedback.domain.states import Role
from feedback.jobs.subscriptions import WORK
from feedback.operations.outbox import start
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import OutboxRow, OutboxState, Report, ReportImport
from feedback.web.messages import sentence
from tests.factories import (
    MONDAY,
    create_account,
    create_service_level,
    create_working_week,
    the_city,
)
from tests.factories.report_imports import BROKEN_FURTHER_DOWN, CONTENT, mapping_for
from tests.support.staff import post, sign_in
from tests.web.forms import send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORM = "/admin/import"


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        create_working_week()
        administrator = create_account(Role.ADMINISTRATOR, name="Võ Thị Quản Trị")
    return sign_in(app, administrator)


@pytest.fixture
def mapping(app: Flask) -> str:
    with app.app_context():
        return mapping_for(create_service_level().code)


def upload(
    desk: FlaskClient, mapping: str, content: bytes = CONTENT, name: str = "old.csv", **more: object
) -> TestResponse:
    return send(desk, FORM, file=(io.BytesIO(content), name), mapping=mapping, **more)


def work(app: Flask, name: str) -> None:
    """Do what was promised to this subscription, as its worker does."""
    with app.app_context():
        with transaction(the_city()) as session:
            (row,) = session.query(OutboxRow).filter_by(
                subscription=name, state=OutboxState.PENDING
            )
            row.state = OutboxState.LEASED
            attempts = {row.id: row.attempt}
        started = start(attempts, city=the_city(), now=MONDAY)
        assert started is not None
        WORK[name](started.payloads, the_city(), MONDAY, started.claim)
        with reading() as session:
            assert session.get_one(OutboxRow, next(iter(attempts))).state is OutboxState.DONE


def stored(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.query(Report).count()


def test_a_file_is_checked_shown_and_imported(app: Flask, desk: FlaskClient, mapping: str) -> None:
    sent = upload(desk, mapping, gzip.compress(CONTENT), "old.csv.gz")
    assert sent.status_code == 303
    waiting = desk.get(sent.location)
    assert "The file is being checked" in waiting.text
    assert waiting.headers["Refresh"] == "3"
    work(app, "check_import")
    page = desk.get(sent.location)
    assert "Refresh" not in page.headers
    for words in ("Import 1 report", "is before the report came in", "first in line 3", "HEPCO"):
        assert words in page.text
    assert "checked, waits for your decision" in desk.get(FORM).text
    refused = desk.get(f"{sent.location}/refused.csv").text
    assert "3,2,done,is before the report came in,2026-02-01T09:00:00" in refused
    assert stored(app) == 0
    assert post(desk, f"{sent.location}/start").status_code == 303
    page = desk.get(sent.location)
    assert "The reports are being taken over" in page.text
    assert page.headers["Refresh"] == "3"
    work(app, "run_import")
    page = desk.get(sent.location).text
    assert "What it has done" in page
    assert stored(app) == 1
    changes = desk.get("/admin/changes?kind=reports").text
    assert "old.csv.gz" in changes
    assert "Võ Thị Quản Trị" in changes
    again = post(desk, f"{sent.location}/start", follow_redirects=True)
    assert "Somebody has decided on this import already." in again.text


def test_a_file_is_discarded_and_a_second_has_to_wait(
    app: Flask, desk: FlaskClient, mapping: str
) -> None:
    first = upload(desk, mapping).location
    second = upload(desk, mapping)
    assert second.status_code == 409
    assert sentence("import_unfinished") in second.text
    assert "[statuses]" in second.text
    assert post(desk, f"{first}/discard").status_code == 303
    work(app, "check_import")
    assert "discarded" in desk.get(first).text
    assert upload(desk, mapping).status_code == 303


@pytest.mark.parametrize(
    ("content", "change", "words"),
    [
        (b"", ("", ""), "Choose a file."),
        (b"id\xff", ("", ""), "The file is not a CSV file in UTF-8."),
        (b"id,x\n1,2", ("", ""), "The file lacks columns that the mapping names: done, due, off"),
        (CONTENT, ("[columns]", "[columns"), "look at line 6, column"),
        (CONTENT, ('"fixed"', '"gone"'), "statuses.Closed”: its value is none of the outcomes"),
        (CONTENT, ("clock", "watch"), "“clock” is missing."),
    ],
)
def test_what_is_refused_is_said_in_words_and_what_was_typed_stays(
    desk: FlaskClient, mapping: str, content: bytes, change: tuple[str, str], words: str
) -> None:
    typed = mapping.replace(*change) if any(change) else mapping
    page = upload(desk, typed, content)
    assert page.status_code == 422
    assert words in page.text
    (kept,) = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.text)
    assert unescape(kept).strip() == typed.strip()


def test_a_file_above_the_bound_is_refused_and_one_with_the_mapping_is_read(
    app: Flask, desk: FlaskClient, mapping: str
) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, import_max_bytes=MEGABYTE // 4)
    page = upload(desk, mapping, CONTENT + b" " * (MEGABYTE // 4))
    assert page.status_code == 422
    assert "The file is larger than 0 MB." in page.text
    assert "[statuses]" in page.text
    chosen = (io.BytesIO(mapping.encode()), "map.toml")
    sent = upload(desk, "", mapping_file=chosen)
    assert sent.status_code == 303
    with app.app_context(), reading() as session:
        (kept,) = session.query(ReportImport)
        assert (kept.stage, kept.source) == (ImportStage.CHECKING, "old")


def test_a_failed_import_says_why_and_keeps_its_mapping(
    app: Flask, desk: FlaskClient, mapping: str
) -> None:
    sent = upload(desk, mapping, BROKEN_FURTHER_DOWN).location
    work(app, "check_import")
    page = desk.get(sent).text
    assert "The file is not a CSV file in UTF-8." in page
    again = desk.get(f"{FORM}?again={sent.rpartition('/')[2]}").text
    assert "Asia/Ho_Chi_Minh&#34;\nclock" in again


def test_an_import_whose_work_was_given_up_says_so_and_looks_no_more(
    app: Flask, desk: FlaskClient, mapping: str
) -> None:
    sent = upload(desk, mapping).location
    with app.app_context(), transaction(the_city()) as session:
        row = session.query(OutboxRow).filter_by(subscription="check_import").one()
        row.state = OutboxState.DEAD
    page = desk.get(sent)
    assert "given up after an error nobody foresaw" in page.text
    assert "Refresh" not in page.headers
    with app.app_context(), transaction(the_city()) as session:
        row = session.query(OutboxRow).filter_by(subscription="check_import").one()
        row.state = OutboxState.PENDING
    assert desk.get(sent).headers["Refresh"] == "3"
