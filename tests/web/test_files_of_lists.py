"""Lists as files: the same cases as the page, in the reader's language, and nothing private."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.consents import CURRENT
from feedback.domain.states import Role
from feedback.web.csv_files import csv_response
from tests.factories import (
    create_account,
    create_case,
    create_unit,
    create_working_week,
)
from tests.support.staff import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)  # Wednesday 10:00 in the city
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.web.context.now", lambda: NOW)


def file_of(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_queue_is_downloaded_exactly_as_it_is_filtered(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.web.staff.queue_file.ROWS_A_READ", 2)
    with app.app_context():
        create_working_week()
        unit, other = create_unit(), create_unit("Điện lực", short_name="Điện lực")
        handler = create_account(Role.HANDLER, unit, name="Trần Thị Hạnh")
        dispatcher = create_account(Role.DISPATCHER)
        here = [
            create_case(
                unit,
                now=NOW - n * DAY,
                text=f"Đèn tắt {n}",
                contact_name="Lê Lan",
                consent_version=CURRENT.version,
            )
            for n in (20, 3, 2)
        ]
        mine = create_case(unit, now=NOW - DAY, handler=handler)
        there = create_case(other, now=NOW - DAY)
    client = sign_in(app, handler, language="vi")
    heads, *rows = file_of(client, "/staff/queue.csv")
    assert heads[:4] == ["Mã", "Đã nhận", "Hạn hiện nay", "Quá hạn"]
    assert [row[0] for row in rows] == [case.code for case in (*here, mine)]
    assert rows[0][1:4] == ["19/02/2026 10:00", "02/03/2026 17:00", "có"]
    assert rows[-1][-1] == "Trần Thị Hạnh"
    assert "Lê Lan" not in str(rows)
    assert [row[0] for row in file_of(client, "/staff/queue.csv?q=den+tat")[1:]] == [
        case.code for case in here
    ]
    assert [row[0] for row in file_of(client, "/staff/queue.csv?view=mine")[1:]] == [mine.code]
    assert len(file_of(client, f"/staff/queue.csv?unit={other.id}")) == 5
    desk = sign_in(app, dispatcher)
    assert len(file_of(desk, "/staff/queue.csv")) == 6
    heads, *rows = file_of(desk, f"/staff/queue.csv?unit={other.id}")
    assert (heads[-1], rows[0][0], rows[0][-1]) == ("Unit", there.code, "Điện lực")
    page = client.get("/staff/queue?view=overdue&q=den").text
    assert 'href="/staff/queue.csv?view=overdue&amp;q=den"' in page


def test_only_what_begins_like_a_formula_is_changed(app: Flask) -> None:
    cells = ["=1", "+1", "-1", "@a", "\ta", "\ra", " =1", "a=1", "'=1", "", "a\nb", -1, 2.5]
    with app.test_request_context():
        data = csv_response("a.csv", [cells]).get_data()
    (row,) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row == [
        *("'=1", "'+1", "'-1", "'@a", "'\ta", "'\ra", " =1", "a=1", "'=1", "", "a\nb", "-1", "2.5")
    ]
