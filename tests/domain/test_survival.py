"""Kaplan–Meier against published answers and a plain implementation."""

from collections import Counter
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.survival import MEDIAN, P90, Percentile, Shown, curve, percentile

# Freireich et al. 1963, weeks of remission in acute leukaemia, on 6-mercaptopurine and on placebo.
DRUG = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
DRUG_CENSORED = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = Counter([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])


def test_the_drug_arm_of_freireich_gives_the_published_curve() -> None:
    steps = curve(DRUG, DRUG_CENSORED)
    rounded = {step.minute: round(float(step.survival), 4) for step in steps}
    assert rounded == {
        6: 0.8571,
        7: 0.8067,
        10: 0.7529,
        13: 0.6902,
        16: 0.6275,
        22: 0.5378,
        23: 0.4482,
    }
    assert [step.at_risk for step in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [step.finished for step in steps] == [3, 1, 1, 1, 1, 1, 1]


def test_the_medians_of_freireich_are_23_and_8() -> None:
    assert percentile(DRUG, DRUG_CENSORED, MEDIAN, least_at_risk=1).minutes == 23
    assert percentile(PLACEBO, {}, MEDIAN) == Percentile(8, Shown.OK, 12)


def test_a_percentile_with_few_at_risk_is_not_shown() -> None:
    assert percentile(DRUG, DRUG_CENSORED, MEDIAN) == Percentile(None, Shown.NOT_ENOUGH, 6)
    assert percentile({5: 10}, {}, MEDIAN) == Percentile(5, Shown.OK, 10)
    assert percentile({5: 9}, {}, MEDIAN) == Percentile(None, Shown.NOT_ENOUGH, 9)


def test_a_percentile_the_curve_never_reaches_is_undetermined() -> None:
    assert percentile(DRUG, DRUG_CENSORED, P90) == Percentile(None, Shown.NOT_REACHED, 0)
    assert percentile({}, {7: 40}, MEDIAN) == Percentile(None, Shown.NOT_REACHED, 0)


def test_nothing_at_all_is_not_enough() -> None:
    assert percentile({}, {}, MEDIAN) == Percentile(None, Shown.NOT_ENOUGH, 0)
    assert percentile({3: 0}, {4: 0}, MEDIAN) == Percentile(None, Shown.NOT_ENOUGH, 0)
    assert curve({}, {}) == ()


def test_a_curve_that_touches_the_half_has_reached_the_median() -> None:
    assert percentile({1: 10, 2: 10}, {}, MEDIAN).minutes == 1
    assert percentile({1: 10, 2: 11}, {}, MEDIAN).minutes == 2
    # 9/10 · 8/9 · … as floats misses a tenth by its noise
    one_by_one = dict.fromkeys(range(10), 1)
    assert percentile(one_by_one, {}, P90, least_at_risk=1).minutes == 8


def test_a_round_censored_at_a_minute_is_still_at_risk_there() -> None:
    assert curve({5: 1}, {5: 1})[0].survival == Fraction(1, 2)
    assert curve({5: 1}, {4: 1})[0].survival == 0


@pytest.mark.parametrize("histogram", [{-1: 1}, {1: -1}])
def test_impossible_histograms_are_mistakes(histogram: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="below 0"):
        curve(histogram, {})
    with pytest.raises(ValueError, match="below 0"):
        curve({}, histogram)


@pytest.mark.parametrize("q", [Fraction(0), Fraction(1), Fraction(-1, 2)])
def test_only_real_percentiles_can_be_asked_for(q: Fraction) -> None:
    with pytest.raises(ValueError, match="between"):
        percentile({1: 1}, {}, q)


histograms = st.dictionaries(st.integers(0, 12), st.integers(0, 6), max_size=8)
quantiles = st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50)


@given(histograms, histograms)
def test_the_curve_is_the_product_of_the_textbook(
    finished: dict[int, int], censored: dict[int, int]
) -> None:
    survival, expected = Fraction(1), []
    for minute in range(13):
        at_risk = sum(
            count for h in (finished, censored) for at, count in h.items() if at >= minute
        )
        done = finished.get(minute, 0)
        if done:
            survival *= 1 - Fraction(done, at_risk)
            expected.append((minute, at_risk, done, survival))
    got = [(s.minute, s.at_risk, s.finished, s.survival) for s in curve(finished, censored)]
    assert got == expected


@given(histograms, histograms, quantiles)
def test_a_percentile_is_where_the_curve_first_comes_down_to_it(
    finished: dict[int, int], censored: dict[int, int], q: Fraction
) -> None:
    below = [step for step in curve(finished, censored) if step.survival <= 1 - q]
    answer = percentile(finished, censored, q, least_at_risk=1)
    assert answer.minutes == (below[0].minute if below else None)


@given(st.lists(st.integers(0, 100), min_size=1), quantiles)
def test_without_open_rounds_a_percentile_is_the_plain_one(times: list[int], q: Fraction) -> None:
    answer = percentile(Counter(times), {}, q, least_at_risk=1).minutes
    plain = next(time for time in sorted(times) if sum(t <= time for t in times) >= q * len(times))
    assert answer == plain


def test_a_hundred_thousand_rounds_are_counted_quickly() -> None:
    finished = {minute * 7: 10 for minute in range(10_000)}
    censored = {minute * 31: 1 for minute in range(2_000)}
    begun = perf_counter()
    assert percentile(finished, censored, P90).reason is Shown.OK
    assert perf_counter() - begun < 2
