"""How often one browser, and all behind one address, may do what costs or can be abused."""

import secrets
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from redis import Redis
from redis.exceptions import ConnectionError
from sqlalchemy import func, select
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from config import Settings
from feedback.app import create_app
from feedback.operations.transaction import reading
from feedback.storage.models import Report
from feedback.web import limits
from feedback.web.limits import LIMITS, LOOK_UP, SUBMIT, UPLOAD, WithoutRedis, hold_off
from feedback.web.sessions import DEVICE
from tests.factories import create_report, create_working_week
from tests.support.staff import csrf_token, new_client, post
from tests.web.forms import report_fields, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A city whose limits are the usual ones."""
    return environment | {"LIMITS_PERCENT": "100"}


@pytest.fixture
def town(app: Flask) -> Flask:
    with app.app_context():
        create_working_week()
    return app


@pytest.fixture
def without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: Any, **_more: Any) -> Any:
        raise ConnectionError("Redis is gone")

    monkeypatch.setattr(Redis, "execute_command", gone)


def reports(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count(Report.id))) or 0


def send_report(client: FlaskClient, **changes: Any) -> Any:
    body = {"csrf_token": csrf_token(client), **report_fields(**changes)}
    return client.post("/report", data=body, headers={"Accept": "application/json"})


def test_three_hundred_people_behind_one_address_pass_and_one_browser_is_stopped(
    town: Flask,
) -> None:
    hammering = new_client(town)
    token = csrf_token(hammering)
    with hammering.session_transaction() as session:
        secret = session["csrf_token"]

    def somebody() -> FlaskClient:
        """A browser with a number of its own, as if it had opened the form."""
        client = new_client(town)
        with client.session_transaction() as session:
            session[DEVICE], session["csrf_token"] = secrets.token_urlsafe(9), secret
        return client

    def send_empty(client: FlaskClient) -> int:
        """Send a form that is counted as any other, then read and refused for want of a text."""
        json = {"Accept": "application/json"}
        return client.post("/report", data={"csrf_token": token}, headers=json).status_code

    statuses = [send_empty(hammering) for _ in range(SUBMIT.device + 5)]
    assert statuses == [422] * SUBMIT.device + [429] * 5
    assert [send_empty(somebody()) for _ in range(299)] == [422] * 299
    assert send_report(hammering).status_code == 429
    assert send_report(new_client(town)).status_code == 201
    assert reports(town) == 1


def test_who_throws_the_cookie_away_each_time_is_stopped_by_the_address(
    town: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = limits.Limit("submit", 10, device=10, address=4, without_redis=SUBMIT.without_redis)
    monkeypatch.setattr("feedback.web.citizen.reports.SUBMIT", small)
    statuses = [send_report(new_client(town)).status_code for _ in range(6)]
    assert statuses == [201] * 4 + [429] * 2


def test_who_brings_no_number_counts_with_the_others_who_bring_none(town: Flask) -> None:
    with town.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        for _ in range(UPLOAD.device):
            hold_off(UPLOAD)
        with pytest.raises(TooManyRequests):
            hold_off(UPLOAD)
    with town.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.2"}):
        hold_off(UPLOAD)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_held_off_comes_back_with_all_that_was_typed(town: Flask, language: str) -> None:
    client = new_client(town, language=language)
    fields = report_fields(text="Rác tồn ba ngày <ở chợ>", address_text="12 Lê Lợi")
    for _ in range(SUBMIT.device):
        send_report(client)
    answer = send(client, "/report", **fields, photo_ids="11111111-1111-4111-8111-111111111111")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= SUBMIT.minutes * 60
    assert "Rác tồn ba ngày &lt;ở chợ&gt;" in answer.text
    assert 'value="12 Lê Lợi"' in answer.text
    assert fields["submission_id"] in answer.text
    assert "11111111-1111-4111-8111-111111111111" in answer.text
    words = {"vi": "Thử quá nhiều lần", "en": "Too many tries. Wait"}
    assert words[language] in answer.text


def test_uploads_are_held_off_with_words_for_scripts(town: Flask) -> None:
    client = new_client(town)
    body = {"csrf_token": csrf_token(client)}
    json = {"Accept": "application/json"}
    answers = [client.post("/photos", data=body, headers=json) for _ in range(UPLOAD.device + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_form_held_off_can_be_sent_again_as_it_was(
    town: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = limits.Limit("small", 10, device=1, address=9, without_redis=UPLOAD.without_redis)
    monkeypatch.setitem(limits.OF_ENDPOINT, "public.choose_language", (small, ""))
    client = new_client(town)
    form = {"language": "vi", "next": "/reports?q=<rác>", "password": "typed in a wrong place"}
    assert post(client, "/language", form).status_code == 303
    held = post(client, "/language", form)
    assert held.status_code == 429
    assert 'name="next" value="/reports?q=&lt;rác&gt;"' in held.text
    assert "typed in a wrong place" not in held.text
    assert int(held.headers["Retry-After"]) > 0


def test_without_redis_reports_go_on_and_look_ups_are_refused(
    town: Flask, without_redis: None
) -> None:
    client = new_client(town)
    assert [send_report(client).status_code for _ in range(SUBMIT.device + 2)] == [201] * (
        SUBMIT.device + 2
    )
    with town.test_request_context("/"), pytest.raises(ServiceUnavailable):
        hold_off(LOOK_UP, "ABC-DEF")


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Thử quá nhiều lần. Hãy chờ 15 phút"), ("en", "Too many tries. Wait 15 minutes")],
)
def test_looking_up_reports_is_held_off_even_with_the_right_pair(
    town: Flask, language: str, words: str
) -> None:
    with town.app_context():
        mine = create_report(contact_email="lan@example.com", consent_version="1")
    client, right = new_client(town, language=language), {"contact": "lan@example.com"}
    guesses = [{"code": f"22{n}-222", "contact": "lan@example.com"} for n in range(LOOK_UP.device)]
    assert {post(client, "/find", guess).status_code for guess in guesses} == {404}
    held = post(client, "/find", {**right, "code": mine.code})
    assert held.status_code == 429
    assert held.location is None
    assert 0 < int(held.headers["Retry-After"]) <= LOOK_UP.minutes * 60
    assert f'<html lang="{language}"' in held.text
    assert words in held.text
    assert f'name="code" value="{mine.code}"' in held.text  # to be sent again later
    assert mine.token not in held.text
    found = post(new_client(town), "/find", {**right, "code": mine.code})
    assert found.location == f"/r/{mine.code}/{mine.token}"


def test_one_report_is_guessed_at_by_many_browsers_only_so_often(town: Flask) -> None:
    with town.app_context():
        mine = create_report(contact_email="lan@example.com", consent_version="1")
    assert LOOK_UP.subject
    spellings = (mine.code, mine.code.lower(), mine.code.replace("-", " "))
    for number in range(LOOK_UP.subject):
        guess = {"code": spellings[number % 3], "contact": f"{number}@example.com"}
        assert post(new_client(town), "/find", guess).status_code == 404
    right = {"code": mine.code, "contact": "lan@example.com"}
    assert post(new_client(town), "/find", right).status_code == 429


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Hiện chưa thể thực hiện việc này một cách an toàn."),
        ("en", "This cannot be done safely just now."),
    ],
)
def test_without_redis_nobody_looks_anything_up(
    town: Flask, without_redis: None, language: str, words: str
) -> None:
    with town.app_context():
        mine = create_report(contact_email="lan@example.com", consent_version="1")
    client = new_client(town, language=language)
    fields = {"code": mine.code, "contact": "lan@example.com"}
    assert client.get("/find").status_code == 200
    refused = post(client, "/find", fields)
    assert (refused.status_code, refused.location) == (503, None)
    assert f'<html lang="{language}"' in refused.text
    assert words in refused.text
    assert mine.token not in refused.text
    assert 'name="contact" value="lan@example.com"' in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    json = post(client, "/find", fields, headers={"Accept": "application/json"})
    assert (json.status_code, json.get_json()["detail"]) == (503, words)


def test_what_can_be_guessed_never_goes_on_uncounted(app: Flask) -> None:
    open_ones = {limit.name for limit in LIMITS if limit.without_redis is WithoutRedis.GO_ON}
    assert open_ones == {"submit", "upload", "rate", "counter-rating", "follow", "survey"}
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ("0", "203.0.113.9", "127.0.0.1"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("2", "198.51.100.7, 203.0.113.9", "198.51.100.7"),
    ],
)
def test_only_trusted_proxies_say_who_asks(
    environment: dict[str, str], proxies: str, forwarded: str, seen: str
) -> None:

    app = create_app(Settings.from_environment(environment | {"TRUSTED_PROXIES": proxies}))
    found: list[str | None] = []
    app.before_request(lambda: found.append(request.remote_addr))
    app.test_client().get("/privacy", headers={"X-Forwarded-For": forwarded})
    assert found == [seen]


def test_every_form_that_is_held_off_is_a_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(limits.OF_ENDPOINT) <= routes
