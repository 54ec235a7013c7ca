"""Sealed values open only whole, with their key and for their purpose; indexes tell nothing."""

import base64
import secrets

import pytest

from feedback.storage.sealing import CannotOpen, Seal

OLD, NEW = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
WORDS = "Nguyễn Văn Kín, 0905 123 456"


def test_what_was_sealed_opens_again_and_is_never_sealed_alike() -> None:
    seal = Seal([NEW])
    first, second = seal.seal(WORDS, "reporter"), seal.seal(WORDS, "reporter")
    assert first != second
    assert seal.open(first, "reporter") == seal.open(second, "reporter") == WORDS
    assert "Kín" not in first
    assert first.isascii()


def test_an_older_key_still_opens_and_a_removed_one_does_not() -> None:
    sealed = Seal([OLD]).seal(WORDS, "reporter")
    both = Seal([NEW, OLD])
    assert both.open(sealed, "reporter") == WORDS
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal(WORDS, "reporter"))
    with pytest.raises(CannotOpen):
        Seal([NEW]).open(sealed, "reporter")


def test_a_value_opens_for_its_own_purpose_only() -> None:
    seal = Seal([NEW])
    with pytest.raises(CannotOpen):
        seal.open(seal.seal("JBSWY3DP", "totp"), "reporter")


def test_a_changed_value_is_noticed_wherever_it_was_changed() -> None:
    seal = Seal([NEW])
    head, _, body = seal.seal(WORDS, "reporter").rpartition(".")
    raw = base64.urlsafe_b64decode(body)
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            seal.open(f"{head}.{base64.urlsafe_b64encode(changed).decode()}", "reporter")


@pytest.mark.parametrize("nonsense", ["", ".", "s1", "s1..", "s1.none.AAAA", "x2.a.b", "Lan"])
def test_nonsense_does_not_open(nonsense: str) -> None:
    with pytest.raises(CannotOpen) as refused:
        Seal([NEW, "none"]).open(nonsense, "reporter")
    assert "Lan" not in str(refused.value)


def test_an_installation_may_choose_to_seal_nothing_and_change_its_mind() -> None:
    plain = Seal(["none"]).seal(WORDS, "reporter")
    assert WORDS in plain
    later = Seal([NEW, "none"])
    assert later.open(plain, "reporter") == WORDS
    assert not later.is_newest(plain)
    back = Seal(["none", NEW])
    assert back.open(later.seal(WORDS, "reporter"), "reporter") == WORDS


def test_equal_values_have_equal_indexes_under_one_key_and_purpose_only() -> None:
    seal = Seal([NEW])
    index = seal.index("0905123456", "reporter.phone")
    assert index == seal.index("0905123456", "reporter.phone")
    others = {
        seal.index("0905123457", "reporter.phone"),
        seal.index("0905123456", "reporter.email"),
        Seal([OLD]).index("0905123456", "reporter.phone"),
    }
    assert len(others | {index}) == 4
    assert Seal([OLD, NEW]).indexes("0905123456", "reporter.phone")[1] == index
    assert Seal([OLD, NEW]).matches(index, "0905123456", "reporter.phone")
    assert not Seal([OLD]).matches(index, "0905123456", "reporter.phone")


@pytest.mark.parametrize("keys", [[], [""], ["short"], [NEW, "Ω" * 43]])
def test_what_is_no_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Seal(keys)


def test_neither_keys_nor_what_is_derived_from_them_are_shown() -> None:
    assert NEW not in repr(vars(Seal([NEW])))
    assert "index_key" not in repr(vars(Seal([NEW])))
