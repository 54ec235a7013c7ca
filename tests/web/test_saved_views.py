"""Views of the queue under a name: one's own, and those shared with the unit."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.errors import Invalid
from feedback.domain.states import Role
from feedback.operations.save_view import MOST_VIEWS, save_view
from feedback.operations.transaction import reading
from feedback.storage.models import Account, SavedView, Unit
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAVED = re.compile(r'<a class="chip plain-chip" href="([^"]+)"[^>]*>([^<]+)')


class Office:
    """A unit with two people, somebody of another unit, and a dispatcher."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit()
        self.handler: Account = create_account(Role.HANDLER, self.unit, name="Trần An")
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.stranger: Account = create_account(Role.HEAD, create_unit("Điện lực"))
        self.dispatcher: Account = create_account(Role.DISPATCHER)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context():
        return Office()


def saved(client: FlaskClient, query: str = "") -> list[tuple[str, str]]:
    page = client.get(f"/staff/queue{query}").text
    return [(unescape(url), name.strip()) for url, name in SAVED.findall(page)]


def keep(client: FlaskClient, name: str, query: str, **more: str) -> int:
    page = client.get(f"/staff/queue/views{query}").text
    found = re.search(r'name="parameters" value="([^"]*)"', page)
    assert found
    fields = {"name": name, "parameters": unescape(found[1]), **more}
    return post(client, "/staff/queue/views", fields).status_code


def test_a_view_is_kept_shared_renamed_and_removed(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    query = "?view=overdue&q=r%C3%A1c&evil=%22%3E"
    assert keep(client, "Rác quá hạn", query, shared="1") == 303
    assert keep(client, "Của tôi", "?view=mine") == 303
    url = "/staff/queue?view=overdue&q=r%C3%A1c"
    assert saved(client) == [("/staff/queue?view=mine", "Của tôi"), (url, "Rác quá hạn")]
    page = client.get(url).text
    assert re.search(r'aria-current="page"[^>]*>Rác quá hạn', page)
    assert saved(sign_in(app, office.head)) == [(url, "Rác quá hạn")]
    assert "(Trần An)" in sign_in(app, office.head).get("/staff/queue").text
    for other in (office.stranger, office.dispatcher):
        assert saved(sign_in(app, other)) == []
    with app.app_context(), reading() as session:
        view_id = session.query(SavedView.id).filter_by(name="Rác quá hạn").scalar()
    own = f"/staff/queue/views/{view_id}"
    assert post(client, own, {"name": "Rác trễ"}).status_code == 303
    assert saved(sign_in(app, office.head)) == []
    assert (url, "Rác trễ") in saved(client)
    assert post(client, f"{own}/remove").status_code == 303
    assert saved(client) == [("/staff/queue?view=mine", "Của tôi")]


def test_nobody_changes_a_view_of_somebody_else(app: Flask, office: Office) -> None:
    assert keep(sign_in(app, office.handler), "Chung", "?view=soon", shared="1") == 303
    with app.app_context(), reading() as session:
        view_id = session.query(SavedView.id).scalar()
    head = sign_in(app, office.head)
    for address in (f"/staff/queue/views/{view_id}", "/staff/queue/views/99999"):
        assert post(head, address, {"name": "x"}).status_code == 404
        assert post(head, f"{address}/remove").status_code == 404


def test_a_view_without_a_name_comes_back(app: Flask, office: Office) -> None:
    client = sign_in(app, office.dispatcher)
    fields = {"name": " ", "parameters": "view=open&q=rác"}
    refused = post(client, "/staff/queue/views", fields)
    assert refused.status_code == 422
    assert re.search(r'href="#name">[^<]+</a>', refused.text)
    assert 'value="view=open&amp;q=r%C3%A1c"' in refused.text
    shared = post(client, "/staff/queue/views", fields | {"name": "Rác", "shared": "1"})
    assert "You belong to no unit" in shared.text


def test_there_is_an_end_to_the_views_of_one_person(app: Flask, office: Office) -> None:
    how: dict[str, Any] = {"actor": actor_of(office.handler), "now": MONDAY, "shared": False}
    with app.app_context():
        for number in range(MOST_VIEWS):
            save_view(f"Số {number}", "view=open", city=the_city(), **how)
        with pytest.raises(Invalid) as refused:
            save_view("Một nữa", "view=open", city=the_city(), **how)
    assert refused.value.fields == {"name": "too_many_views"}
