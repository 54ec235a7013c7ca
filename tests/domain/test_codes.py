"""Public report codes."""

from itertools import combinations, cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.codes import ALPHABET, make_code, parse_code

five_numbers = st.lists(st.integers(0, 30), min_size=5, max_size=5)
codes = five_numbers.map(lambda numbers: make_code(lambda _below: numbers.pop()))


def test_a_code_is_five_random_symbols_and_their_check() -> None:
    numbers = cycle([1, 2, 3, 4, 5])
    # 1·1 + 2·2 + 3·3 + 4·4 + 5·5 = 55 and 55 + 6·27 = 217 = 7·31
    assert make_code(lambda _below: next(numbers)) == "123-45" + ALPHABET[27]


def test_the_alphabet_has_a_prime_number_of_symbols_without_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("ILOUZ") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "123-45V",
        "12345v",
        " 123 45v ",
        "123–45V",
        "l23-45V",
        "I23-45v",
        "1z3-45V",
        "1 2 3 4 5 V",
        "123\u00a0-\u00a045V",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert parse_code(typed) == "123-45V"


def test_the_letter_o_is_read_as_nought() -> None:
    code = make_code(lambda _below: 0)
    assert code == "000-000"
    assert parse_code("OoO-ooO") == code


@pytest.mark.parametrize("typed", ["", "123-45", "123-45VV", "123-45U", "123-45X", "đ23-45V", "#"])
def test_what_is_no_code_gives_none(typed: str) -> None:
    assert parse_code(typed) is None


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_none(text: str) -> None:
    code = parse_code(text)
    assert code is None or parse_code(code) == code


@given(codes)
def test_a_made_code_is_read_back(code: str) -> None:
    assert parse_code(code) == code
    assert parse_code(code.lower().replace("-", " ")) == code


@given(codes)
def test_every_single_wrong_symbol_is_caught(code: str) -> None:
    plain = code.replace("-", "")
    for position, symbol in enumerate(plain):
        for other in set(ALPHABET) - {symbol}:
            assert parse_code(plain[:position] + other + plain[position + 1 :]) is None


@given(codes)
def test_every_exchange_of_two_symbols_is_caught(code: str) -> None:
    plain = code.replace("-", "")
    for first, second in combinations(range(6), 2):
        swapped = list(plain)
        swapped[first], swapped[second] = plain[second], plain[first]
        assert plain[first] == plain[second] or parse_code("".join(swapped)) is None
