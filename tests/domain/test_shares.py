"""Shares of a whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.shares import Ratio, percents

counts = st.lists(st.integers(0, 100_000), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ([14_311, 396], ["97.31", "2.69"]),  # of 14,707 received
        ([1, 1, 1], ["33.34", "33.33", "33.33"]),  # of equals the first named
        ([1, 2], ["33.33", "66.67"]),
        ([0, 5, 0], ["0.00", "100.00", "0.00"]),
        ([7], ["100.00"]),
        ([1, 99_999], ["0.00", "100.00"]),
        ([1, 1, 1, 1, 1, 1, 1], ["14.29"] * 4 + ["14.28"] * 3),
    ],
)
def test_printed_parts_by_table(parts: list[int], printed: list[str]) -> None:
    assert percents(parts) == tuple(map(Decimal, printed))


@pytest.mark.parametrize("parts", [[], [0], [0, 0, 0]])
def test_parts_of_nothing_are_none(parts: list[int]) -> None:
    assert percents(parts) is None


def test_counts_below_nought_are_mistakes() -> None:
    with pytest.raises(ValueError, match="below 0"):
        percents([3, -1])
    with pytest.raises(ValueError, match="below 0"):
        Ratio(-1, 3)


@given(counts.filter(any))
def test_printed_parts_add_up_to_a_hundred_and_are_less_than_a_hundredth_off(
    parts: list[int],
) -> None:
    printed = percents(parts)
    assert printed is not None
    assert sum(printed) == 100
    for part, percent in zip(parts, printed, strict=True):
        assert abs(Fraction(percent) - Fraction(100 * part, sum(parts))) < Fraction(1, 100)


@given(counts.filter(any))
def test_a_larger_part_is_never_printed_smaller(parts: list[int]) -> None:
    printed = percents(parts)
    assert printed is not None
    in_order = sorted(zip(parts, printed, strict=True))
    assert [percent for _, percent in in_order] == sorted(printed)


@pytest.mark.parametrize(
    ("ratio", "percent"),
    [
        (Ratio(0, 0), None),
        (Ratio(0, 7), "0.00"),
        (Ratio(7, 7), "100.00"),
        (Ratio(2, 3), "66.67"),
        (Ratio(1, 20_000), "0.01"),  # half a hundredth goes up
        (Ratio(3, 2), "150.00"),
    ],
)
def test_a_ratio_in_percent(ratio: Ratio, percent: str | None) -> None:
    assert ratio.percent == (None if percent is None else Decimal(percent))
    assert str(ratio.percent) == str(percent)


def test_the_exact_share_serves_comparisons() -> None:
    assert Ratio(29_999, 30_000).share == Fraction(29_999, 30_000)
    assert Ratio(0, 0).share is None


def test_published_shares_that_add_up_may_still_fit_no_count_of_ratings() -> None:
    published = [Decimal("50.87"), Decimal("43.24"), Decimal("5.89")]
    assert sum(published) == 100
    for share in published:  # printed for 2,857 ratings, and no whole number of them gives these
        assert all(Ratio(count, 2_857).percent != share for count in range(2_858))
