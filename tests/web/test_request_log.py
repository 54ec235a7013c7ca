"""One line a request, which names the rule and never the address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from tests.factories import create_report, create_working_week

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_secret_link_is_logged_by_its_rule(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        create_working_week()
        receipt = create_report(text="Bí mật của tôi")
    with capture_logs() as logged:
        answer = client.get(f"/r/{receipt.code}/{receipt.token}")
    [line] = [entry for entry in logged if entry["event"] == "request"]
    assert answer.status_code == 200
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["rule"] == "/r/<code>/<token>"
    assert receipt.token not in str(logged)
    assert receipt.code not in str(logged)


def test_every_answer_carries_an_id_of_its_own(client: FlaskClient) -> None:
    ids = [client.get("/").headers["X-Request-ID"] for _ in range(2)]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0a1b2c3d-4e5f", True), ("short", False), ("x" * 65, False), ("a b\tc d e f g", False)],
)
def test_the_id_of_a_proxy_is_kept_when_it_looks_like_one(
    client: FlaskClient, given: str, kept: bool
) -> None:
    answer = client.get("/", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


def test_what_fails_inside_is_logged_with_its_trace_and_shown_by_its_id(app: Flask) -> None:
    def broken() -> str:
        raise RuntimeError("inside")

    app.add_url_rule("/broken", "broken", broken)
    with capture_logs() as logged:
        answer = app.test_client().get("/broken")
    [line] = [entry for entry in logged if entry["event"] == "request_failed"]
    assert str(line["exc_info"]) == "inside"
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "inside" not in page
    assert answer.headers["X-Request-ID"] in page


def test_what_only_machines_ask_all_the_time_is_not_told(client: FlaskClient) -> None:
    with capture_logs() as logged:
        client.get("/healthz")
    assert [entry["status"] for entry in logged if entry["event"] == "request"] in ([], [503])
