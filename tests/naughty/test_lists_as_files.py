"""Naughty strings in the files that staff open in a spreadsheet."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Role
from tests.factories import (
    create_account,
    create_category,
    create_rule,
    create_unit,
    create_working_week,
)
from tests.naughty.strings import naughty_strings
from tests.naughty.test_reports import kept
from tests.support.staff import csrf_token, new_client, sign_in
from tests.web.forms import report_fields

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORMULA = re.compile(r"[=+\-@\t\r]")
# What a spreadsheet would calculate, one of each kind; of a blank first sign nothing is kept.
FORMULAS = (
    '=HYPERLINK("http://evil.example";"Xem")',
    "+84 234 3822",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
)


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """A file's rows as a spreadsheet reads them."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_every_text_is_kept_to_the_letter_and_none_is_a_formula(app: Flask) -> None:
    with app.app_context():
        create_working_week()
        unit, category = create_unit(), create_category()
        create_rule(unit, category=category)
        head = create_account(Role.HEAD, unit)
        supervisor = create_account(Role.SUPERVISOR)
    citizen = new_client(app)
    token = csrf_token(citizen)
    texts = [text for text in (*FORMULAS, *naughty_strings()) if kept(text)]
    for text in texts:
        fields = report_fields(text=text, category_id=str(category.id))
        sent = citizen.post("/report", data={"csrf_token": token, **fields})
        assert sent.status_code == 303, text
    day = datetime.now(UTC).isoformat().replace("+", "%2B")
    figure = f"/supervisor/cases.csv?figure=received&scope=city&window=7&as_of={day}"
    for client, address in (
        (sign_in(app, head), "/staff/queue.csv"),
        (sign_in(app, supervisor), figure),
    ):
        cells = [row["What"] for row in rows_of(client, address)]
        assert not [cell for cell in cells if FORMULA.match(cell)]
        assert sorted(cells) == sorted(harmless(kept(text)) for text in texts)


def harmless(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text
