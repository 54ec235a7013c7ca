"""The wall's page: one cheap look for each poll, however many walls there are."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from feedback.domain.states import Role
from feedback.operations.refresh_wall import refresh_wall
from feedback.operations.transaction import transaction
from feedback.storage.queries import wall
from tests.factories import create_account, create_case, create_category, create_unit, the_city
from tests.factories.reference import create_working_week
from tests.support.queries import counted_queries
from tests.support.staff import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_fifty_walls_that_have_it_cost_one_look_each(app: Flask) -> None:
    with app.app_context():
        create_working_week()
        account = create_account(Role.DISPATCHER)
        case = create_case(create_unit("Đội <b>1</b>"), category=create_category())
        refresh_wall(city=the_city(), now=datetime.now(UTC))
    client = sign_in(app, account)
    page = client.get("/supervisor/wall")
    assert page.status_code == 200
    assert case.code in page.text
    assert "Đội &lt;b&gt;1" in page.text
    first = client.get("/supervisor/wall/data")
    assert case.code in first.json["html"]
    known = {"If-None-Match": first.headers["ETag"]}
    with counted_queries(app) as statements:
        for _ in range(50):
            again = client.get("/supervisor/wall/data", headers=known)
            assert (again.status_code, again.data) == (304, b"")
    walls = [one for one in statements if "wall_snapshots" in one]
    assert len(walls) == 50
    # What is left is the look at who is signed in, which every page behind the log in takes.
    assert not [one for one in statements if "reports" in one or "boards" in one]
    with app.app_context():
        create_case(create_unit("Đội 2"), category=create_category("Khác"))
        refresh_wall(city=the_city(), now=datetime.now(UTC) + timedelta(minutes=1))
    newer = client.get("/supervisor/wall/data", headers=known)
    assert newer.status_code == 200
    assert "Đội 2" in newer.json["html"]


def test_a_wall_without_figures_says_so(app: Flask) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
    client = sign_in(app, account)
    page = client.get("/supervisor/wall")
    assert "The first figures come" in page.text
    assert client.get("/supervisor/wall/data").json["data_time"] is None


def test_a_wall_says_in_words_when_its_figures_are_old(app: Flask) -> None:
    with app.app_context():
        account = create_account(Role.ADMINISTRATOR)
        refresh_wall(city=the_city(), now=datetime.now(UTC) - timedelta(minutes=2))
    client = sign_in(app, account)
    assert "data-stale hidden" in client.get("/supervisor/wall").text
    with app.app_context(), transaction(the_city()) as session:
        found = wall.snapshot(session)
        assert found is not None
        found.data_time -= timedelta(minutes=2)
    page = client.get("/supervisor/wall").text
    assert "data-stale hidden" not in page
    assert 'class="wall stale"' in page
    assert "These figures are old" in page
