"""What a collector of metrics and the administrator see of the installation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from config import Settings, SettingsError
from feedback.app import create_app
from feedback.domain.events import QUEUES, Event
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.keep_heartbeat import RELAY, keep_heartbeat
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import OutboxRow, OutboxState
from tests.factories import create_account, create_report, create_working_week, the_city
from tests.operations.outbox_rows import create_work, work
from tests.support.staff import post, sign_in

TOKEN = "a-token-of-the-collector"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A city that lets a collector in."""
    return {**environment, "METRICS_TOKEN": TOKEN}


def scraped(client: FlaskClient, token: str = TOKEN) -> dict[tuple[str, frozenset[str]], float]:
    """Every sample of a scrape, by its name and the values of its labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def at(*labels: str) -> frozenset[str]:
    """The labels of a sample."""
    return frozenset(labels)


def test_a_collector_reads_how_requests_work_and_reports_stand(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        create_working_week()
        create_report()
        create_work(now=datetime.now(UTC) - timedelta(minutes=5))
        keep_heartbeat(RELAY, city=the_city(), now=datetime.now(UTC))
    before = scraped(client).get(("feedback_request_seconds_count", at("GET", "/", "200")), 0)
    client.get("/")
    found = scraped(client)
    assert found["feedback_request_seconds_count", at("GET", "/", "200")] == before + 1
    assert found["feedback_reports", at("received")] == 1
    assert found["feedback_outbox_rows", at("refresh_statistics", "pending")] >= 1
    assert found["feedback_outbox_oldest_seconds", at()] >= 300
    assert found["feedback_relay_silence_seconds", at()] < 60
    assert found["feedback_redis_up", at()] == 1
    assert found["feedback_queue_worked", at("photos")] == 0
    assert found["feedback_disk_free_bytes", at()] > 0


def test_pages_that_do_not_exist_count_as_one(client: FlaskClient) -> None:
    for number in range(5):
        client.get(f"/nothing/{number}")
    names = {labels for name, labels in scraped(client) if name == "feedback_request_seconds_count"}
    assert at("any", "none", "404") in names
    assert not any("nothing" in label for labels in names for label in labels)


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_whoever_does_not_show_the_token_finds_nothing(client: FlaskClient, shown: str) -> None:
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_token_in_the_settings_nobody_comes_in(environment: dict[str, str]) -> None:
    app = create_app(Settings.from_environment({**environment, "METRICS_TOKEN": ""}))
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_short_token_is_refused_at_the_start(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN is too short"):
        Settings.from_environment({**environment, "METRICS_TOKEN": "short"})


@pytest.fixture
def administrator(app: Flask) -> Iterator[FlaskClient]:
    """An administrator who has signed in."""
    with app.app_context():
        account = create_account(Role.ADMINISTRATOR)
    yield sign_in(app, account)


def test_the_administrator_sees_what_is_not_running(app: Flask, administrator: FlaskClient) -> None:
    page = administrator.get("/admin/status").get_data(as_text=True)
    assert page.count("not heard from") == 1 + len(QUEUES)  # the relay and the workers
    with app.app_context():
        keep_heartbeat(RELAY, city=the_city(), now=datetime.now(UTC))
    page = administrator.get("/admin/status").get_data(as_text=True)
    assert page.count("not heard from") == len(QUEUES)


def test_a_dead_letter_is_shown_with_its_error_and_tried_again(
    app: Flask, administrator: FlaskClient
) -> None:
    with app.app_context(), transaction(the_city()) as session:
        row = OutboxRow(
            event="photo_uploaded",
            subscription="process_photo",
            payload={},
            state=OutboxState.DEAD,
            attempt=5,
            next_at=datetime.now(UTC),
            created_at=datetime.now(UTC),
            last_error="OSError: the disk is full\nand more",
        )
        session.add(row)
        session.flush()
        row_id = row.id
    page = administrator.get("/admin/status").get_data(as_text=True)
    assert "OSError: the disk is full" in page
    assert "and more" not in page
    answer = post(administrator, f"/admin/status/dead/{row_id}/replay", {})
    assert answer.status_code == 303
    with app.app_context(), reading() as session:
        assert session.get_one(OutboxRow, row_id).state is OutboxState.PENDING
    assert post(administrator, f"/admin/status/dead/{row_id}/replay", {}).status_code == 409
    assert post(administrator, "/admin/status/dead/999999/replay", {}).status_code == 404


def test_all_dead_letters_of_a_kind_are_tried_again_once_that_is_confirmed(
    app: Flask, administrator: FlaskClient
) -> None:
    with app.app_context():
        photos, figures = create_work(times=3), create_work(Event.FIGURES_CHANGED)
        with transaction(the_city()) as session:
            for row_id in (*photos, *figures):
                session.get_one(OutboxRow, row_id).state = OutboxState.DEAD
    address = "/admin/status/dead/process_photo"
    page = administrator.get("/admin/status").text
    assert f'href="{address}"' in page
    assert "/admin/status/dead/refresh_statistics" not in page  # one has its own button
    assert "3 pieces of this work were given up." in administrator.get(address).text

    done = post(administrator, address, follow_redirects=True)
    assert "3 pieces of work are due again." in done.text
    with app.app_context():
        assert {row.state for row in work(*photos)} == {OutboxState.PENDING}
        assert {row.attempt for row in work(*photos)} == {0}
        assert [row.state for row in work(*figures)] == [OutboxState.DEAD]
    assert "None: everything promised" in administrator.get(address).text
    for unknown in (administrator.get, lambda path: post(administrator, path)):
        assert unknown("/admin/status/dead/bake_bread").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_sees_it(app: Flask, role: Role) -> None:
    with app.app_context():
        account = create_account(role)
    assert sign_in(app, account).get("/admin/status").status_code == 403
