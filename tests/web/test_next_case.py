"""From case to case: what is done leads on to the next one of the list somebody came from."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.states import Role
from feedback.storage.models import Account, Unit
from tests.factories import (
    create_account,
    create_case,
    create_report,
    create_unit,
    create_working_week,
)
from tests.support.staff import post, sign_in, version_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/staff/reports/[^"]+)"')


class Office:
    """A unit with four open cases."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit()
        self.handler: Account = create_account(Role.HANDLER, self.unit)
        self.dispatcher: Account = create_account(Role.DISPATCHER)
        self.cases = [
            create_case(
                self.unit,
                handler=self.handler if n % 2 else None,
                text=f"Rác ở ngõ {n}",
                now=NOW - timedelta(days=9 - n),
            ).code
            for n in range(4)
        ]


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("feedback.web.context.now", lambda: NOW)
    with app.app_context():
        return Office()


def opened(client: FlaskClient, listed: str, code: str) -> str:
    """The address at which a list opens a case."""
    links = [unescape(link) for link in LINK.findall(client.get(listed).text)]
    return next(link for link in links if f"/{code}" in link)


def give_back(client: FlaskClient, address: str) -> TestResponse:
    """Return a case from its page, with all the form carries."""
    page = client.get(address).text
    carried = re.search(r'name="from" value="([^"]*)"', page)
    assert carried
    fields = {
        "version": version_on(page),
        "from": unescape(carried[1]),
        "reason": "Không thuộc phạm vi",
    }
    path = address.partition("?")[0]
    return post(client, f"{path}/return", fields)


def test_what_is_done_leads_to_the_next_case_of_the_filtered_queue(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.handler)
    mine = "/staff/queue?view=mine&q=rac"
    first, last = office.cases[1], office.cases[3]
    sent = give_back(client, opened(client, mine, first))
    assert sent.location.startswith(f"/staff/reports/{last}?from=queue")
    page = client.get(sent.location).text
    assert re.search(
        rf'<a href="/staff/reports/{first}\?from=[^"]+">{first}</a>: The case is', page
    )
    assert 'href="/staff/queue?view=mine&amp;q=rac"' in page
    sent = give_back(client, sent.location)
    assert sent.location == mine
    assert "That was the last case of this list." in client.get(mine).text


def test_the_next_case_is_a_link_that_goes_round(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    for code, following in zip(office.cases, [*office.cases[1:], office.cases[0]], strict=True):
        answer = client.get(f"/staff/reports/{code}/next?from=queue")
        assert answer.location.startswith(f"/staff/reports/{following}?from=queue")


def test_without_a_list_a_step_stays_at_its_case(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    for carried in ("", "https://evil.example/", "//evil.example", "triage?view=all", "%00"):
        address = f"/staff/reports/{office.cases[0]}"
        page = client.get(address, query_string={"from": carried}).text
        assert 'name="from"' not in page
        assert 'href="https://evil' not in page
        fields = {"version": version_on(page), "from": carried}
        assert post(client, f"{address}/take", fields).location == address
        onward = client.get(f"{address}/next", query_string={"from": carried})
        assert onward.location == "/staff"


def test_a_dispatcher_goes_on_in_the_list_of_what_is_to_be_decided(
    app: Flask, office: Office
) -> None:
    with app.app_context():
        codes = [
            create_report(text=f"Chuyện lạ {n}", now=NOW - timedelta(hours=9 - n)).code
            for n in range(2)
        ]
    client = sign_in(app, office.dispatcher)
    address = opened(client, "/staff/triage", codes[0])
    page = client.get(address).text
    fields = {
        "version": version_on(page),
        "from": "triage?view=all",
        "reason_code": "no_content",
        "text": "Xin gửi lại rõ hơn.",
    }
    sent = post(client, f"/staff/reports/{codes[0]}/reject", fields)
    assert sent.location.startswith(f"/staff/reports/{codes[1]}?from=triage")
