"""The tables of the supervisor's pages as files: the numbers of the page, to the last one."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from feedback.domain.states import Clock, Outcome, RatingLevel, Role
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.wording.numbers import number, percent
from tests.factories import (
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_unit,
    create_working_week,
    the_city,
)
from tests.printing.test_sheets import texts_of
from tests.support.staff import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def supervisor(app: Flask) -> FlaskClient:
    """Signed in, over two months of two units, one of which is called by a formula."""
    with app.app_context():
        create_working_week()
        account = create_account(Role.SUPERVISOR)
        area = create_area()
        units = [create_unit("Đơn vị A"), create_unit(FORMULA, short_name=FORMULA)]
        categories = [
            create_category("Đường"),
            create_category(
                "Điện", clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=240
            ),
        ]
        create_answered_case(units[0], category=categories[0], now=NOW - 90 * DAY)
        for n in range(44):
            came = NOW - (60 - n) * DAY
            case = create_answered_case(
                units[n % 2], category=categories[n % 3 == 0], now=came, area_id=area.id,
                answered_at=came + (n % 5) * DAY, outcome=list(Outcome)[n % 3],
            )  # fmt: skip
            if n % 4:
                rate_report(
                    case.report_id, level=list(RatingLevel)[n % 3], city=the_city(),
                    now=came + (n % 5) * DAY + DAY / 9,
                )  # fmt: skip
        create_case(units[0], category=categories[0], now=NOW - 20 * DAY)
        refresh_statistics(city=the_city(), now=NOW)
    return sign_in(app, account)


def file_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table_of(page: str, head: str) -> list[list[str]]:
    """The lines of the tables of a page whose first column has a head: each cell's words."""
    found = []
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table, re.DOTALL)
        if heads and heads[0].strip() == head:
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)[1:]:
                cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
                found.append([words_of(cell) for cell in cells])
    return found


def words_of(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def file_link(page: str, form: str) -> str:
    return unescape(re.search(rf'href="([^"]+\.{form}[^"]*)" download', page)[1])


def shares(app: Flask, row: dict[str, str], word: str) -> str:
    """A share in a file, as a page words it."""
    with app.test_request_context(), force_locale("en"):
        return str(percent(float(row[word]))) if row[word] else "—"


def test_a_share_is_the_same_in_the_page_and_in_the_file(
    supervisor: FlaskClient, app: Flask
) -> None:
    told = 0
    for topic, measure, word, by, head in (
        ("timeliness", "on_time_original", "Answered by the first deadline", "unit", "Unit"),
        ("satisfaction", "satisfied", "Satisfied", "unit", "Unit"),
        ("satisfaction", "satisfied", "Satisfied", "area", "Ward or commune"),
        ("repeats", "reopened", "Closed cases that were reopened", "category", "Category"),
    ):
        address = f"/supervisor/topics/{topic}?window=30&by={by}&measure={measure}"
        page = supervisor.get(address).text
        lines, rows = table_of(page, head), file_of(supervisor, file_link(page, "csv"))
        assert len(lines) == len(rows) > 0
        for line, row in zip(lines, rows, strict=True):
            assert row[head].removeprefix("'") == line[0]
            if line[1] == "fewer than 5":
                assert (
                    row[word]
                    == row[f"{word}: cases"]
                    == row["Changed the whole by, in points"]
                    == ""
                )
                assert row[f"{word}: of"] == line[2]
                continue
            told += measure == "satisfied"
            assert shares(app, row, word) == line[1]
            assert f"{row[f'{word}: cases']} / {row[f'{word}: of']}" == line[2]
            assert f"{shares(app, row, 'Window before')} ({row['Window before: of']})" == line[-3]
            with app.test_request_context(), force_locale("en"):
                points = number(abs(float(row["Changed the whole by, in points"])), 2)
            assert points in line[-2]
        assert rows[0]["First day"] == f"{NOW + timedelta(hours=7) - 29 * DAY:%d/%m/%Y}"
        assert (
            rows[0]["Compared with: last day"] == f"{NOW + timedelta(hours=7) - 30 * DAY:%d/%m/%Y}"
        )
        assert rows[0]["Data time"] == f"{NOW + timedelta(hours=7):%d/%m/%Y %H:%M}"
        assert rows[0]["Version of the definitions"] == "1"
    assert told


def test_times_and_the_backlog_are_the_same_in_the_page_and_in_the_file(
    supervisor: FlaskClient,
) -> None:
    page = supervisor.get("/supervisor/topics/times?window=90&by=category").text
    lines = table_of(page, "Category")
    rows = file_of(supervisor, file_link(page, "csv"))
    assert len(lines) == len(rows) == 2
    for line, row in zip(lines, rows, strict=True):
        assert [row[name] for name in ("Category", "Half within", "90% within")] == line[:3]
        assert [row[name] for name in ("Begun", "Ended", "Still running")] == line[4:7]
    assert {row["Clock"] for row in rows} == {"working time", "round the clock"}

    page = supervisor.get("/supervisor/topics/backlog?window=30").text
    lines, rows = table_of(page, "Unit"), file_of(supervisor, file_link(page, "csv"))
    assert len(lines) == len(rows) > 0
    for line, row in zip(lines, rows, strict=True):
        assert [one.removeprefix("'") or "—" for one in row.values()][: len(line)] == line


def test_the_first_page_and_its_workbook(supervisor: FlaskClient) -> None:
    page = supervisor.get("/supervisor?window=30").text
    lines = table_of(page, "Unit")[-2:]
    rows = file_of(supervisor, file_link(page, "csv"))
    assert sorted(row["Unit"] for row in rows) == [f"'{FORMULA} (en)", "Đơn vị A (en)"]
    for line, row in zip(lines, rows, strict=True):
        assert [row[name] for name in ("Received", "Open", "Overdue")] == line[1:4]
        word = "Answered by the first deadline"
        assert line[4].endswith(f"{row[f'{word}: cases']} / {row[f'{word}: of']}")
        assert row["Satisfied: of"] == line[9]
    made = supervisor.get(file_link(page, "xlsx")).data
    texts = texts_of(made)
    assert {"By unit", "By category"} & set(texts) == set()  # those are names of sheets
    assert f"{FORMULA} (en)" in texts  # as a text: the workbook has no formula at all
    assert "Definitions: version 1" in texts
    assert "Whole city: Overview" in texts
    assert any(text.startswith("Compared with the window just before") for text in texts)


def test_a_file_keeps_scope_window_and_comparison(supervisor: FlaskClient) -> None:
    asked = "scope=unit:1&window=90&against=year"
    page = supervisor.get(f"/supervisor/topics/outcomes?{asked}").text
    link = file_link(page, "csv")
    assert all(part in link for part in ("scope=unit:1", "window=90", "against=year"))
    rows = file_of(supervisor, link)
    assert [row["Category"] for row in rows] == ["Rubbish", "Rubbish"]
    assert rows[0]["Compared with: first day"] == ""
    rows = file_of(supervisor, "/supervisor/topics/times.csv?scope=area:1&window=90")
    assert sum(int(row["Begun"]) for row in rows) == 44


@pytest.mark.parametrize(
    "address",
    [
        "/supervisor/overview.pdf",
        "/supervisor/overview.csv?by=area",
        "/supervisor/overview.csv?window=8",
        "/supervisor/topics/weather.csv",
        "/supervisor/topics/times.doc",
        "/supervisor/topics/times.csv?against=x",
        "/supervisor/topics/times.xlsx?measure=satisfied",
    ],
)
def test_what_there_is_not_is_not_found(app: Flask, address: str) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
        refresh_statistics(city=the_city(), now=NOW)
    assert sign_in(app, account).get(address).status_code == 404
