"""Which spellings of an address or a number are the same person."""

import pytest

from feedback.domain.contacts import email_key, phone_key


@pytest.mark.parametrize(
    "typed",
    [
        "0905123456",
        " 0905 123 456 ",
        "0905.123.456",
        "(0905) 123-456",
        "+84905123456",
        "+84 (0)905 123 456",
        "(+84) 905 123 456",
        "84905123456",
        "0084 905 123 456",
        "\u200e0905123456",
    ],
)
def test_one_telephone_number_has_one_key(typed: str) -> None:
    assert phone_key(typed) == "0905123456"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("0234 3822 222", "02343822222"),
        ("8412 3456", "84123456"),  # a local number that happens to begin so
        ("+1 202 555 0123", "12025550123"),
        ("1234567", None),
        ("", None),
        ("lan@example.com", None),
    ],
)
def test_other_numbers_keep_their_digits(typed: str, key: str | None) -> None:
    assert phone_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    [
        "lan.anh@example.com",
        " Lan.Anh@EXAMPLE.com",
        "LAN.ANH@Example.Com\x00",
    ],
)
def test_one_address_has_one_key(typed: str) -> None:
    assert email_key(typed) == "lan.anh@example.com"


def test_marks_typed_in_two_ways_are_one_address() -> None:
    assert email_key("ánh@example.com") == email_key("a\u0301nh@example.com") is not None


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "@example.com", "0905123456", "a b@c.vn"])
def test_what_is_no_address_has_no_key(typed: str) -> None:
    assert email_key(typed) is None
