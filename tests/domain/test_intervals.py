"""Wilson intervals and ranges of ranks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.intervals import Interval, RankRange, rank_ranges, wilson


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1),
    ],
)
def test_the_published_intervals(successes: int, total: int, low: float, high: float) -> None:
    interval = wilson(successes, total)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "total"), [(-1, 3), (4, 3), (1, 0), (0, -1)])
def test_impossible_counts_are_mistakes(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, total)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_mirrors(counts: tuple[int, int]) -> None:
    successes, total = counts
    interval, mirrored = wilson(successes, total), wilson(total - successes, total)
    assert interval is not None
    assert mirrored is not None
    assert 0 <= interval.low <= successes / total <= interval.high <= 1
    assert interval.low == pytest.approx(1 - mirrored.high)


def test_units_that_overlap_share_their_ranks() -> None:
    best, middle, also_middle, worst = (0.8, 0.9), (0.4, 0.6), (0.5, 0.7), (0.1, 0.2)
    ranges = rank_ranges([Interval(*unit) for unit in (middle, best, worst, also_middle)])
    assert ranges == (RankRange(2, 3), RankRange(1, 1), RankRange(4, 4), RankRange(2, 3))


def test_touching_intervals_cannot_be_told_apart() -> None:
    ranges = rank_ranges([Interval(0.1, 0.5), Interval(0.5, 0.9)])
    assert ranges == (RankRange(1, 2), RankRange(1, 2))


def test_no_unit_has_no_rank() -> None:
    assert rank_ranges([]) == ()


bounds = st.lists(st.integers(0, 10), min_size=2, max_size=2).map(sorted)


@given(st.lists(bounds.map(lambda pair: Interval(pair[0] / 10, pair[1] / 10)), max_size=12))
def test_ranks_follow_the_definition(intervals: list[Interval]) -> None:
    expected = tuple(
        RankRange(
            1 + sum(other.low > unit.high for other in intervals),
            len(intervals) - sum(other.high < unit.low for other in intervals),
        )
        for unit in intervals
    )
    assert rank_ranges(intervals) == expected
