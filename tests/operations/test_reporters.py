"""Who reported is stored sealed, found by a blind index, and told apart without opening."""

import secrets
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from feedback.domain.contacts import Contact
from feedback.operations.reporters import contact_matches, contact_of, reporters_with
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Report, Reporter
from feedback.storage.sealing import CannotOpen, Seal
from tests.factories import MONDAY, create_report, the_city

pytestmark = pytest.mark.usefixtures("app_context")

KIN = Contact("Nguyễn Văn Kín", "Kin@example.com", "0905 123 456")


def report_of(contact: Contact) -> int:
    """A report whose reporter left this contact."""
    return create_report(
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        consent_version="1",
    ).report_id


def everything_stored() -> str:
    """Every column of the tables a report fills, as text."""
    with reading() as session:
        rows = [
            session.execute(sa.text(f"SELECT * FROM {table}")).all()  # noqa: S608 (constants)
            for table in ("reporters", "reports", "history_entries", "outbox_rows")
        ]
    return repr(rows)


def test_a_contact_is_stored_sealed_and_opens_again() -> None:
    report_id = report_of(KIN)
    stored = everything_stored()
    for part in ("Kín", "K\\xedn", "kin@", "Kin@", "0905", "905123456"):
        assert part not in stored
    with reading() as session:
        reporter = session.get_one(Report, report_id).reporter
        assert reporter is not None
        assert contact_of(reporter, city=the_city()) == KIN


@pytest.mark.parametrize("typed", ["kin@EXAMPLE.com", "+84 905 123 456", "0905123456"])
def test_the_reporters_own_contact_matches_however_it_is_spelt(typed: str) -> None:
    report_id = report_of(KIN)
    with reading() as session:
        assert contact_matches(session.get(Report, report_id), typed, city=the_city())


@pytest.mark.parametrize("typed", ["", "0905123457", "kin@example.vn", "Nguyễn Văn Kín", "-"])
def test_another_contact_does_not_match(typed: str) -> None:
    ids = [report_of(KIN), report_of(Contact(name="Lan")), create_report().report_id]
    with reading() as session:
        for report_id in ids:
            assert not contact_matches(session.get(Report, report_id), typed, city=the_city())
        assert not contact_matches(None, typed, city=the_city())


def test_all_rows_of_one_person_are_found_by_address_or_number() -> None:
    first, second = report_of(KIN), report_of(Contact(phone="+84905123456"))
    report_of(Contact("Lan", "lan@example.com"))

    def found(typed: str) -> set[int]:
        with reading() as session:
            rows = reporters_with(session, typed, city=the_city())
            query = select(Report.id).where(Report.reporter_id.in_([row.id for row in rows]))
            return set(session.scalars(query))

    assert found("0905.123.456") == {first, second}
    assert found("KIN@example.com") == {first}
    assert found("nobody@example.com") == found("") == set()


def test_a_new_key_finds_and_opens_what_an_older_one_sealed() -> None:
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    before = replace(the_city(), seal=Seal([old]))
    after = replace(the_city(), seal=Seal([new, old]))
    report_id = report_of(KIN)
    with transaction(before) as session:
        reporter = session.get_one(Report, report_id).reporter
        assert reporter is not None
        from_first = contact_of(reporter, city=the_city())
        reporter.sealed = before.seal.seal('{"name": "Lan", "email": "", "phone": ""}', "reporter")
        reporter.phone_index = before.seal.index("0905123456", "reporter.phone")
    with reading() as session:
        [found] = reporters_with(session, "0905123456", city=after)
        assert from_first == KIN
        assert contact_of(found, city=after).name == "Lan"
        with pytest.raises(CannotOpen):
            contact_of(found, city=replace(the_city(), seal=Seal([new])))


def test_a_row_the_old_code_wrote_is_found_and_read_as_well() -> None:
    report_id = report_of(Contact(name="Lan"))
    with transaction(the_city()) as session:
        row = Reporter(
            name="Cũ", email="Cu@example.com", phone="", consent_version="1", consented_at=MONDAY
        )
        session.add(row)
        session.flush()
        report = session.get_one(Report, report_id)
        report.reporter_id = row.id
    with reading() as session:
        report = session.get_one(Report, report_id)
        assert contact_matches(report, "cu@example.com", city=the_city())
        assert not contact_matches(report, "lan@example.com", city=the_city())
        [found] = reporters_with(session, "cu@example.com", city=the_city())
        assert contact_of(found, city=the_city()) == Contact("Cũ", "Cu@example.com")
