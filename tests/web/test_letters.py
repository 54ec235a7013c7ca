"""Letters of apology on the pages of heads, citizens, supervisors and administrators."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from feedback.domain.letters import LetterFigure
from feedback.domain.states import Role
from feedback.operations.draft_letters import draft_letters
from feedback.operations.print_letter import print_letter
from feedback.storage.models import Account, Unit
from tests.factories import (
    MONDAY,
    Case,
    create_account,
    create_case,
    create_unit,
    create_working_week,
    the_city,
)
from tests.factories.letters import (
    BODY,
    create_letter_template,
    create_signed_letter,
    letters_of,
    next_working_day,
)
from tests.printing.test_sheets import texts_of
from tests.support.staff import new_client, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AS_OF = "2026-03-20T12:00:00+07:00"
REASON = "Thiếu vật tư thay thế; <b>nhà thầu</b> chậm giao."


class Office:
    """Two units with their heads; each has a case that is late, with its draft."""

    def __init__(self) -> None:
        create_working_week()
        create_letter_template()
        self.unit: Unit = create_unit("HEPCO")
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.other: Unit = create_unit("Điện lực")
        self.stranger: Account = create_account(Role.HEAD, self.other)
        self.case: Case = create_case(self.unit)
        self.theirs: Case = create_case(self.other)
        draft_letters(city=the_city(), now=MONDAY + timedelta(days=8))

    @property
    def address(self) -> str:
        return f"/staff/letters/{letters_of(self.case.report_id)[0].id}"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context():
        return Office()


def new_date(app: Flask) -> str:
    with app.app_context():
        return next_working_day(datetime.now(UTC).date()).isoformat()


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_head_reads_a_draft_says_why_and_signs_it(app: Flask, office: Office) -> None:
    with app.app_context():
        address = office.address
    client = sign_in(app, office.head)
    listed = client.get("/staff/letters").text
    assert f'href="{address}"' in listed
    assert 'data-count="1"' in listed
    assert f'href="{address}"' in client.get(f"/staff/reports/{office.case.code}").text
    page = client.get(address).text
    assert "hạn 17:00 ngày 11/03/2026" in page
    assert client.get(f"{address}/pdf").status_code == 404

    form = {"seen": seen_on(page), "reason": REASON, "new_date": new_date(app)}
    assert post(client, address, form).status_code == 303
    page = client.get(address).text
    assert "&lt;b&gt;nhà thầu&lt;/b&gt; chậm giao." in page
    stale = post(client, f"{address}/sign", form)
    assert stale.status_code == 409
    assert "nhà thầu" in stale.text
    form["seen"] = seen_on(page)
    signed = post(client, f"{address}/sign", form, follow_redirects=True)
    assert "nobody can change a word" not in signed.text.lower()
    assert "being printed" in signed.text
    assert post(client, f"{address}/sign", form).status_code == 409


def test_what_is_missing_is_said_and_what_was_typed_comes_back(app: Flask, office: Office) -> None:
    with app.app_context():
        address = office.address
    client = sign_in(app, office.head)
    form = {"seen": seen_on(client.get(address).text), "reason": "Gọi 0905123456", "new_date": ""}

    refused = post(client, f"{address}/sign", form)
    assert refused.status_code == 422
    assert "Give the new date." in refused.text
    assert "Gọi 0905123456" in refused.text
    form["new_date"] = new_date(app)
    private = post(client, f"{address}/sign", form)
    assert private.status_code == 422
    assert 'name="text_checked"' in private.text
    assert post(client, f"{address}/sign", {**form, "text_checked": "1"}).status_code == 303


def test_the_citizen_is_told_and_reads_the_letter_and_so_does_the_public(
    app: Flask, office: Office
) -> None:
    with app.app_context():
        letter = create_signed_letter(
            office.case.report_id,
            office.head,
            now=MONDAY + timedelta(days=9),
            new_date=date(2026, 3, 16),
            printed=False,
        )
    link = f"/r/{office.case.code}/{office.case.token}"
    client = new_client(app)
    assert "apologises for the delay" in client.get(link).text
    assert "The letter as PDF" not in client.get(link).text
    with app.app_context():
        print_letter(letter.id, city=the_city(), now=MONDAY + timedelta(days=9))
    page = client.get(link).text
    assert "Thiếu vật tư thay thế." in page
    assert "New date: 16/03/2026" in page
    paper = client.get(f"{link}/letters/{letter.id}")
    assert paper.mimetype == "application/pdf"
    assert office.case.code in PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    with app.app_context():
        theirs = letters_of(office.theirs.report_id)[0].id
    assert client.get(f"{link}/letters/{theirs}").status_code == 404
    public = client.get(f"/reports/{office.case.code}").text
    assert "apologises for the delay" in public
    assert "The letter as PDF" not in public


def test_another_units_head_finds_nothing(app: Flask, office: Office) -> None:
    with app.app_context():
        address = office.address
    client = sign_in(app, office.stranger)
    for path in (address, f"{address}/pdf", "/staff/letters/99999"):
        assert client.get(path).status_code == 404
    assert post(client, f"{address}/sign", {"seen": "1"}).status_code == 404


def test_the_register_counts_and_each_count_opens_exactly_its_cases(
    app: Flask, office: Office
) -> None:
    with app.app_context():
        create_signed_letter(
            office.case.report_id,
            office.head,
            now=MONDAY + timedelta(days=10),
            new_date=date(2026, 3, 16),
        )
        supervisor = create_account(Role.SUPERVISOR)
    client = sign_in(app, supervisor)
    page = client.get("/supervisor/letters", query_string={"as_of": AS_OF}).text
    expected = {
        LetterFigure.LATE: 2,
        LetterFigure.WITHOUT_LETTER: 1,
        LetterFigure.AFTER_DUE: 1,
        LetterFigure.REPEATED: 0,
    }
    links = re.findall(
        r'<a href="([^"]*/supervisor/letters/cases[^"]*)">(?:<b>)?(\d+)(?:</b>)?</a>', page
    )
    assert len(links) == 4 + 4  # the city's four, and what each unit has
    for address, count in links:
        shown = client.get(address.replace("&amp;", "&")).text
        assert f'data-count="{count}"' in shown
        assert len(re.findall(r'class="code" href', shown)) == int(count)
    for figure, count in expected.items():
        where = {"as_of": AS_OF, "figure": figure.value}
        shown = client.get("/supervisor/letters/cases", query_string=where).text
        assert f'data-count="{count}"' in shown
        rows = table(client, "/supervisor/letters/cases.csv", where)
        assert len(rows) == count + 1
    rows = table(client, "/supervisor/letters.csv", {"as_of": AS_OF})
    assert rows[-1][1:] == ["2", "1", "1", "0"]
    assert {row[0] for row in rows[1:-1]} == {"HEPCO (en)", "Điện lực (en)"}
    book = client.get("/supervisor/letters.xlsx", query_string={"as_of": AS_OF})
    assert book.headers["Content-Disposition"].endswith('letters-2026-03-20.xlsx"')
    assert {"HEPCO (en)", "Điện lực (en)", "Whole city"} <= set(texts_of(book.data))
    for window, late in (("2026-03", "2"), ("2026-Q1", "2"), ("2026-02", None)):
        where = {"window": window, "as_of": AS_OF}
        page = client.get("/supervisor/letters", query_string=where).text
        found = re.findall(rf'figure=late&amp;window={window}&amp;[^"]*"><b>(\d+)<', page)
        assert found == ([late] if late else []), window
    for bad in ("window=2199-01", "window=8", "as_of=x", "as_of=2026-03-20"):
        assert client.get(f"/supervisor/letters?{bad}").status_code == 404


def table(client: FlaskClient, address: str, where: dict[str, str]) -> list[list[str]]:
    text = client.get(address, query_string=where).text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_an_administrator_keeps_the_versions_of_the_text(app: Flask, office: Office) -> None:
    with app.app_context():
        client = sign_in(app, create_account(Role.ADMINISTRATOR))
    begun = client.get("/admin/letter-templates/new").text
    assert "{lý do}" in begun  # the next version begins with the words of the latest
    day = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    form = {
        "valid_from": day,
        "title": "Phiếu xin lỗi",
        "addressee": "Ông/Bà",
        "body": "Xin lỗi {ai}.",
        "legal_basis": "Căn cứ Điều 19.",
        "signer_title": "Giám đốc",
    }
    refused = post(client, "/admin/letter-templates/new", form)
    assert refused.status_code == 422
    assert "There is no such placeholder: {ai}." in refused.text
    assert "Căn cứ Điều 19." in refused.text
    kept = post(client, "/admin/letter-templates/new", {**form, "body": BODY})
    assert kept.status_code == 303
    page = client.get(kept.location).text
    assert "Phiếu xin lỗi" in page
    assert "Căn cứ Điều 19." in page
    assert "not yet" in client.get("/admin/letter-templates").text
    assert post(client, f"{kept.location}/withdraw").status_code == 303
    assert client.get(kept.location).status_code == 404


def test_without_a_text_the_head_is_told_why_no_draft_comes(app: Flask) -> None:
    with app.app_context():
        create_working_week()
        head = create_account(Role.HEAD, create_unit())
    page = sign_in(app, head).get("/staff/letters").text
    assert "No text for letters is in force" in page
