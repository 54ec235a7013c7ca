"""Percentiles of many times at once are those of the exact estimate, ties and all."""

from collections import Counter
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from feedback.domain.samples import TimeSample, percentiles
from feedback.domain.survival import percentile

# As many that both ways of counting are taken, and with ties.
minutes = st.lists(st.integers(0, 150), max_size=160)
shares = st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)])


@given(minutes, minutes, st.lists(shares, min_size=1, max_size=3))
@example(list(range(200)), [], [Fraction(1, 2), Fraction(9, 10)])  # S meets both shares exactly
@example([], [1, 2, 3], [Fraction(1, 2)])
@example([], [], [Fraction(1, 2)])
def test_arrays_and_exact_fractions_agree(
    ended: list[int], running: list[int], wanted: list[Fraction]
) -> None:
    found = percentiles(
        TimeSample(ended, [1] * len(ended)),
        TimeSample.from_histogram(Counter(running)),
        wanted,
    )
    assert found == tuple(percentile(Counter(ended), Counter(running), q) for q in wanted)


@given(st.lists(minutes, max_size=4))
def test_samples_join_to_all_of_their_cases(parts: list[list[int]]) -> None:
    joined = TimeSample.joined(TimeSample.from_histogram(Counter(part)) for part in parts)
    everything = Counter(minute for part in parts for minute in part)
    assert joined.size == sum(everything.values())
    assert joined.histogram() == dict(everything)
