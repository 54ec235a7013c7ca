"""Everything is sealed anew under the newest key, and a rotation broken off goes on."""

import secrets
from dataclasses import replace
from itertools import islice

import pytest
from flask import current_app
from sqlalchemy import func, select

from feedback.operations import rotate_keys as operations
from feedback.operations.city import City
from feedback.operations.reporters import contact_of, reporters_with
from feedback.operations.rotate_keys import rotate_keys
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import PrivacyEntry, Reporter
from feedback.storage.sealing import CannotOpen, Seal
from tests.factories import MONDAY, create_report, the_city

pytestmark = pytest.mark.usefixtures("app_context")

OLD, NEW = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
COUNT = 7


def city_with(*keys: str) -> City:
    return replace(the_city(), seal=Seal(keys))


@pytest.fixture(autouse=True)
def _reporters(app_context: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reporters sealed under the old key, and one the code of before wrote in the clear."""
    monkeypatch.setattr(operations, "BATCH", 2)
    for number in range(COUNT):
        create_report(contact_email=f"lan{number}@example.com", consent_version="1")
    for _ in rotate_keys(city=city_with(OLD, *the_keys()), now=MONDAY):
        pass
    with transaction(the_city()) as session:
        session.query(PrivacyEntry).delete()
        session.add(
            Reporter(
                name="Cũ", email="cu@example.com", phone="", consent_version="1",
                consented_at=MONDAY,
            )
        )  # fmt: skip


def the_keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.extensions["settings"].sealing_keys
    return keys


def under(key: str) -> int:
    """How many are sealed under a key."""
    with reading() as session:
        query = select(func.count()).select_from(Reporter)
        return session.scalar(query.where(Reporter.sealed.startswith(Seal([key]).newest_mark))) or 0


def test_all_is_sealed_under_the_newest_key_and_still_found() -> None:
    progress = list(rotate_keys(city=city_with(NEW, OLD), now=MONDAY))
    assert progress[0] == (0, COUNT + 1)
    assert progress[-1] == (COUNT + 1, COUNT + 1)
    assert under(NEW) == COUNT + 1
    with reading() as session:
        for typed in ("lan3@example.com", "cu@example.com"):
            [found] = reporters_with(session, typed, city=city_with(NEW))
            assert contact_of(found, city=city_with(NEW)).email == typed
            assert found.email == ""
        [line] = session.scalars(select(PrivacyEntry))
        assert line.data == {"values": COUNT + 1}


def test_a_rotation_broken_off_goes_on_where_it_was() -> None:
    city = city_with(NEW, OLD)
    steps = rotate_keys(city=city, now=MONDAY)
    assert [done for done, _ in islice(steps, 3)] == [0, 2, 4]
    steps.close()
    assert under(NEW) == 4
    assert next(rotate_keys(city=city, now=MONDAY)) == (0, COUNT + 1 - 4)
    assert [*rotate_keys(city=city, now=MONDAY)][-1] == (COUNT + 1 - 4, COUNT + 1 - 4)
    assert under(OLD) == 0


def test_rotating_what_is_rotated_does_nothing() -> None:
    assert len([*rotate_keys(city=city_with(NEW, OLD), now=MONDAY)]) > 1
    assert [*rotate_keys(city=city_with(NEW, OLD), now=MONDAY)] == [(0, 0)]


def test_without_the_older_key_it_stops_and_changes_nothing() -> None:
    with pytest.raises(CannotOpen):
        list(rotate_keys(city=city_with(NEW), now=MONDAY))
    assert under(OLD) == COUNT


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    known = {sealed.column.property.columns[0] for sealed in operations.SEALED_COLUMNS}
    in_tables = {
        column
        for table in Reporter.metadata.tables.values()
        for column in table.columns
        if "sealed" in column.name
    }
    assert in_tables == known
