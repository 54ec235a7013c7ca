"""Targets: which share is to be reached, and whether it is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.shares import Ratio
from feedback.domain.targets import (
    HUNDRED_PERCENT,
    TargetKind,
    Verdict,
    calendar_window,
    is_value_of,
    nothing_went_wrong,
    share_to_reach,
    verdict,
)

ON_TIME, SATISFIED, REOPENED = (
    ShareMeasure.ON_TIME,
    ShareMeasure.SATISFIED,
    ShareMeasure.REOPENED,
)
measures = some.sampled_from(ShareMeasure)
ratios = some.integers(1, 400).flatmap(
    lambda whole: some.integers(0, whole).map(lambda part: Ratio(part, whole))
)
values = some.integers(0, HUNDRED_PERCENT)
changes = some.integers(-HUNDRED_PERCENT, -1)


@pytest.mark.parametrize(
    ("measure", "part", "whole", "percent", "expected"),
    [
        (ON_TIME, 95, 100, 95, Verdict.MET),
        (ON_TIME, 94, 100, 95, Verdict.MISSED),
        (ON_TIME, 3, 3, 95, Verdict.MET),
        (ON_TIME, 0, 0, 95, Verdict.NONE),
        (REOPENED, 5, 100, 5, Verdict.MET),
        (REOPENED, 6, 100, 5, Verdict.MISSED),
        (SATISFIED, 81, 263, 25, Verdict.MET),  # the interval is 25.53 to 36.62 %
        (SATISFIED, 81, 263, 26, Verdict.NOT_CERTAIN),
        (SATISFIED, 81, 263, 31, Verdict.MISSED),
        (SATISFIED, 40, 40, 100, Verdict.MET),
        (SATISFIED, 39, 40, 100, Verdict.MISSED),
        (SATISFIED, 4, 4, 50, Verdict.HIDDEN),
        (SATISFIED, 0, 0, 50, Verdict.NONE),
    ],
)
def test_a_share_is_judged_by_its_kind(
    measure: ShareMeasure, part: int, whole: int, percent: int, expected: Verdict
) -> None:
    assert verdict(measure, Ratio(part, whole), Fraction(percent, 100)) is expected


def test_half_as_many_late_cases_is_told_of_what_goes_wrong() -> None:
    relative = TargetKind.RELATIVE
    assert share_to_reach(ON_TIME, relative, -5_000, Ratio(80, 100)) == Fraction(9, 10)
    assert share_to_reach(REOPENED, relative, -5_000, Ratio(20, 100)) == Fraction(1, 10)


def test_nothing_is_compared_with_no_cases_or_with_hidden_ratings() -> None:
    for measure, base in ((ON_TIME, None), (ON_TIME, Ratio(0, 0)), (SATISFIED, Ratio(3, 4))):
        wanted = share_to_reach(measure, TargetKind.RELATIVE, -5_000, base)
        assert wanted is None
        assert verdict(measure, Ratio(50, 50), wanted) is Verdict.NONE


@given(measures, ratios, values)
def test_counts_are_met_exactly_where_the_share_reaches_the_target(
    measure: ShareMeasure, ratio: Ratio, value: int
) -> None:
    told = verdict(measure, ratio, Fraction(value, HUNDRED_PERCENT))
    share, wanted = ratio.numerator * HUNDRED_PERCENT, value * ratio.denominator
    reached = share >= wanted if SHARES[measure].good else share <= wanted
    if told is Verdict.HIDDEN:
        assert SHARES[measure].rated
        assert ratio.denominator < 5
    else:
        assert (told is Verdict.MISSED) is not reached
        assert told is not Verdict.NOT_CERTAIN or SHARES[measure].rated


@given(measures, ratios, values, values)
def test_a_harder_target_is_never_met_more_surely(
    measure: ShareMeasure, ratio: Ratio, one: int, other: int
) -> None:
    order = [Verdict.MET, Verdict.NOT_CERTAIN, Verdict.MISSED]
    easy, hard = sorted((one, other), reverse=not SHARES[measure].good)
    if hard == (HUNDRED_PERCENT if SHARES[measure].good else 0):
        return  # the one target that compares the share also of ratings
    told = [verdict(measure, ratio, Fraction(value, HUNDRED_PERCENT)) for value in (easy, hard)]
    if Verdict.HIDDEN in told:
        assert told[0] is told[1]
    else:
        assert order.index(told[0]) <= order.index(told[1])


@given(measures, ratios, changes)
def test_a_relative_target_is_a_share_and_at_least_as_good_as_before(
    measure: ShareMeasure, base: Ratio, change: int
) -> None:
    wanted = share_to_reach(measure, TargetKind.RELATIVE, change, base)
    if wanted is None:
        assert SHARES[measure].rated
        return
    before = Fraction(base.numerator, base.denominator)
    assert 0 <= wanted <= 1
    assert wanted >= before if SHARES[measure].good else wanted <= before


def test_targets_are_for_months_quarters_and_years_also_ahead() -> None:
    assert calendar_window("2090-Q1").length == 90
    assert calendar_window("2027").length == 365
    for name in ("30", "2026-13", "soon"):
        with pytest.raises(ValueError, match=name):
            calendar_window(name)


def test_a_change_takes_something_away_and_a_share_is_no_more_than_all() -> None:
    absolute, relative = TargetKind.ABSOLUTE, TargetKind.RELATIVE
    assert [is_value_of(absolute, one) for one in (-1, 0, 10_000, 10_001)] == [0, 1, 1, 0]
    assert [is_value_of(relative, one) for one in (-10_001, -10_000, -1, 0)] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("measure", "part", "whole", "expected"),
    [
        (ShareMeasure.ON_TIME, 40, 40, True),
        (ShareMeasure.ON_TIME, 39, 40, False),
        (ShareMeasure.REPEATED, 0, 40, True),
        (ShareMeasure.REPEATED, 1, 40, False),
    ],
)
def test_where_nothing_went_wrong_there_is_nothing_to_lessen(
    measure: ShareMeasure, part: int, whole: int, *, expected: bool
) -> None:
    assert nothing_went_wrong(measure, Ratio(part, whole)) is expected
