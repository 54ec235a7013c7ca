"""Pages of periodic reports: ordered, read as they were made, corrected, sent."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.actors import Actor
from feedback.domain.events import STATISTICS_QUEUE
from feedback.domain.states import ActorKind, ReportState, Role
from feedback.jobs import running
from feedback.operations.claim_due import claim_due
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.reopen_report import reopen_report
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, Report, ReportSubscription
from tests.factories import create_account, create_unit, the_city
from tests.factories.period_reports import create_period_report
from tests.operations.test_statistics import create_busy_weeks
from tests.support.staff import post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)
LINK = re.compile(r'<a href="(/supervisor/reports/\d+/cases\?[^"]+)">([\d.,]+)</a>')
COUNT = re.compile(r'data-count="(\d+)"')


@pytest.fixture
def supervisor(app: Flask) -> FlaskClient:
    """Signed in, over a city with a month of everything and its report, no. 1."""
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
        with transaction(the_city()) as session:
            session.get_one(Account, account.id).email = "so@city.example"
        create_busy_weeks()
        create_period_report("2026-03", APRIL)
    return sign_in(app, account)


def test_every_number_leads_to_exactly_its_cases_also_after_they_have_changed(
    supervisor: FlaskClient, app: Flask
) -> None:
    page = supervisor.get("/supervisor/reports/1?lang=vi").text
    links = {(unescape(link), number) for link, number in LINK.findall(page)}
    assert len(links) > 60
    with app.app_context():
        reopen_everything(APRIL + timedelta(days=1))
        refresh_statistics(city=the_city(), now=APRIL + timedelta(days=1))
    for address, number in sorted(links):
        listed = supervisor.get(address)
        assert listed.status_code == 200, address
        assert COUNT.search(listed.text)[1] == number, address
        assert listed.text.count("<tr>") - 1 == int(number), address
    assert any("figure=open" in address for address, _ in links)
    after = supervisor.get("/supervisor/reports/1").text
    assert {(unescape(link), number) for link, number in LINK.findall(after)} == links
    assert "By today" not in page
    assert "By today" in after
    some = next(address for address, _ in links if "closed_fixed" in address)
    rows = supervisor.get(some.replace("/cases?", "/cases.csv?")).text.splitlines()
    assert len(rows) - 1 == int(dict(links)[some])


def reopen_everything(now: datetime) -> None:
    dispatcher = Actor(ActorKind.STAFF, None, Role.DISPATCHER)
    with reading() as session:
        closed = session.scalars(select(Report.id).where(Report.state == ReportState.CLOSED)).all()
    for report_id in closed:
        reopen_report(report_id, reason="Vẫn còn", actor=dispatcher, city=the_city(), now=now)


def test_a_file_is_the_same_bytes_whenever_it_is_asked_for(
    supervisor: FlaskClient, app: Flask
) -> None:
    addresses = [f"/supervisor/reports/1/{file}" for file in ("vi.pdf", "en.pdf", "vi.xlsx")]
    before = [supervisor.get(address).data for address in addresses]
    assert [content[:4] for content in before] == [b"%PDF", b"%PDF", b"PK\x03\x04"]
    with app.app_context():
        reopen_everything(APRIL + timedelta(days=1))
        create_period_report("2026-03", APRIL + timedelta(days=2))
    assert [supervisor.get(address).data for address in addresses] == before
    kept = supervisor.get(addresses[2])
    assert "report-2026-03-vi.xlsx" in kept.headers["Content-Disposition"]
    assert kept.headers["Cache-Control"] == "no-store"


def test_a_report_is_ordered_made_by_a_job_and_corrected_beside_the_first(
    supervisor: FlaskClient, app: Flask
) -> None:
    ordered = post(supervisor, "/supervisor/reports", {"period": "2026-Q1", "scope": "unit:1"})
    address = ordered.location
    assert "is being made" in supervisor.get(address).text
    work_off(app)
    page = supervisor.get(address).text
    assert "Quarter 1/2026" in page
    again = post(supervisor, "/supervisor/reports", {"period": "2026-Q1", "scope": "unit:1"})
    assert again.location == address

    refused = post(supervisor, f"{address}/corrections", {"reason": " "})
    assert refused.status_code == 422
    assert "Write the reason." in refused.text
    corrected = post(supervisor, f"{address}/corrections", {"reason": "Sai đơn vị <b>"})
    work_off(app)
    second = supervisor.get(corrected.location).text
    assert "Sai đơn vị &lt;b&gt;" in second
    assert "There are several editions" in second
    assert "Correct this report" not in supervisor.get(address).text


def work_off(app: Flask) -> None:
    with app.app_context():
        while jobs := claim_due(STATISTICS_QUEUE, city=the_city(), now=datetime.now(UTC), limit=9):
            for job in jobs:
                running.run(job.subscription.name, [[*row] for row in job.attempts.items()])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"period": "2199-01"}, "Choose a period"),
        ({"period": "2025-03"}, "no report in this period"),
        ({}, "Please fill this in"),
        ({"period": "2026-03", "scope": "unit:77"}, "Choose the city or a unit"),
    ],
)
def test_what_cannot_be_ordered_is_refused_in_words(
    supervisor: FlaskClient, sent: dict[str, str], words: str
) -> None:
    answer = post(supervisor, "/supervisor/reports", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count('id="error-summary"') == 1
    assert "js/errors.js" in answer.text
    for field in re.findall(r'<li><a href="#([^"]+)">', answer.text):
        assert f'id="{field}"' in answer.text


def test_whoever_reads_figures_has_reports_sent_and_ends_it(
    supervisor: FlaskClient, app: Flask
) -> None:
    asked = {"kind": "quarter", "scope": "city", "language": "en"}
    assert post(supervisor, "/supervisor/reports/subscriptions", asked).location.endswith(
        "/supervisor/reports"
    )
    page = supervisor.get("/supervisor/reports").text
    assert "Each quarter, Whole city, in English" in page
    assert "has no e-mail address" not in page
    with app.app_context(), reading() as session:
        assert session.query(ReportSubscription).one().language == "en"
    post(supervisor, "/supervisor/reports/subscriptions/end", asked)
    with app.app_context(), reading() as session:
        assert session.query(ReportSubscription).count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/supervisor/reports?kind=rolling",
        "/supervisor/reports/99",
        "/supervisor/reports/99999999999",
        "/supervisor/reports/1/fr.pdf",
        "/supervisor/reports/1/vi.exe",
        "/supervisor/reports/1/cases",
        "/supervisor/reports/1/cases?figure=received&scope=unit:99",
        "/supervisor/reports/1/cases?figure=overdue",
        "/supervisor/reports/1/cases?figure=received&scope=%27",
        "/supervisor/reports/1/cases.csv?figure=nothing",
    ],
)
def test_what_no_report_tells_is_not_found(supervisor: FlaskClient, address: str) -> None:
    assert supervisor.get(address).status_code == 404


def test_lists_of_hidden_ratings_stay_hidden(app: Flask) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
        create_busy_weeks()
        create_period_report("2026-03", APRIL, scope="unit:1")
        create_unit("Không liên quan")
    client = sign_in(app, account)
    listed = client.get("/supervisor/reports/1/cases?figure=rated_satisfied&scope=unit:1")
    assert listed.status_code == 404
