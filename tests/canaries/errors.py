"""What goes wrong: each form and job refused or broken while canaries are in its hands."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback.extensions import db
from feedback.operations import submit_report
from tests.canaries.flock import Flock, Kind
from tests.canaries.lives import Cast, Person

JSON = {"Accept": "application/json"}
# The address asked for, so that changing the language leads back: said to nobody but who asked.
WAY_BACK = re.compile(r'name="next" value="[^"]*"')


class Broken(RuntimeError):
    """What the broken parts raise."""


def refused_forms(cast: Cast, flock: Flock) -> list[tuple[str, str]]:
    """Forms that are refused: what scripts read, and what others than the sender are shown."""
    pages: list[tuple[str, str]] = []
    for _ in range(3):
        person = cast.person()
        fields = {**cast.fields(person), "contact_email": f"{flock.mint(Kind.NAME)} @", "text": ""}
        answer = cast.send(person.client, "/report", 422, headers=JSON, **fields)
        pages.append(("422 as JSON", answer.text))
        forged = person.client.post("/report", data={**fields, "csrf_token": "x"}, headers=JSON)
        pages.append(("400 as JSON", forged.text))
    person = cast.report()
    fields = {**cast.fields(person)}
    for expected in (303, 409):
        fields["text"] = flock.mint(Kind.TEXT)
        answer = cast.send(person.client, "/report", expected, **fields)
    pages.append(("409", answer.text))
    return pages


def strange_addresses(cast: Cast, flock: Flock, person: Person) -> list[tuple[str, str]]:
    """Pages that are not there, and pages that do not take what they are sent."""
    pages = []
    for pattern in (
        "/{}",
        "/reports/{}",
        f"/r/{person.code}/{{}}",
        "/media/{}",
        "/staff/reports/{}",
    ):
        word = flock.mint(Kind.PATH)
        answer = cast.person().client.get(pattern.format(word), follow_redirects=False)
        if answer.status_code >= 400:
            pages.append((f"{answer.status_code} {pattern}", WAY_BACK.sub("", answer.text)))
    answer = cast.person().client.put(person.link)
    pages.append((str(answer.status_code), WAY_BACK.sub("", answer.text)))
    for _ in range(4):
        cast.send(
            cast.person().client,
            "/login",
            422,
            login=flock.mint(Kind.LOGIN),
            password=flock.mint(Kind.PASSWORD),
        )
    return pages


def broken_submissions(
    cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, str]]:
    """Reports sent while the code, and then the database, fails in the middle of them."""
    pages = []

    def fail(*_args: object, **_more: object) -> None:
        raise Broken

    with monkeypatch.context() as patched:
        patched.setattr(submit_report, "new_reporter", fail)
        for headers in ({}, JSON):
            person = cast.person()
            answer = cast.send(
                person.client, "/report", 500, headers=headers, **cast.fields(person)
            )
            pages.append(("500 of the code", answer.text))
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE reporters RENAME TO gone"))
    try:
        for headers in ({}, JSON):
            person = cast.person()
            answer = cast.send(
                person.client, "/report", 500, headers=headers, **cast.fields(person)
            )
            pages.append(("500 of the database", answer.text))
    finally:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE gone RENAME TO reporters"))
    return pages
