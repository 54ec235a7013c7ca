"""A report found again by its code and the contact its reporter gave."""

import pytest

from feedback.domain.errors import Invalid, NotFound
from feedback.operations.look_up_report import Link, look_up_report
from feedback.operations.submit_report import Receipt
from tests.factories import create_report, the_city
from tests.operations.lives import Town


@pytest.fixture
def sent(town: Town) -> Receipt:
    """A report whose reporter left both ways to be reached."""
    return create_report(
        contact_email="Lan.Nguyen@example.com",
        contact_phone="0905 123 456",
        consent_version="1",
    )


def test_code_and_contact_are_found_in_any_spelling(sent: Receipt) -> None:
    bare = sent.code.replace("-", "")
    codes = (sent.code, bare.lower(), f" {bare[:2]} {bare[2:]} ", sent.code.replace("-", "–"))
    contacts = ("lan.nguyen@EXAMPLE.com", "+84 905 123 456", "0905.123.456", "(0905) 123-456")
    for code in codes:
        for contact in contacts:
            found = look_up_report(code, contact, city=the_city())
            assert found == Link(sent.code, sent.token)


def test_every_wrong_pair_is_answered_alike(sent: Receipt) -> None:
    other = create_report(contact_email="minh@example.com", consent_version="1")
    nameless = create_report()
    answers = set()
    for code, contact in (
        (sent.code, "minh@example.com"),
        (sent.code, "0905 123 457"),
        (other.code, "0905 123 456"),
        (nameless.code, "lan.nguyen@example.com"),
        ("222-222", "lan.nguyen@example.com"),
        ("nonsense", "lan.nguyen@example.com"),
        (sent.code, "-"),
        (nameless.code, "-"),
    ):
        with pytest.raises(NotFound) as refusal:
            look_up_report(code, contact, city=the_city())
        answers.add((refusal.value.code, str(refusal.value.params)))
    assert answers == {("no_report_of_yours", "{}")}


def test_both_have_to_be_given(sent: Receipt) -> None:
    with pytest.raises(Invalid) as refusal:
        look_up_report(" ", "", city=the_city())
    assert refusal.value.fields == {
        "code": "report_code_missing",
        "contact": "contact_missing",
    }
