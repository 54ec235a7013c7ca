"""What may be said of a window's figures: known answers and limits."""

from datetime import date
from decimal import Decimal

import pytest

from feedback.domain.backlog import Backlog
from feedback.domain.intervals import RankRange
from feedback.domain.measures import Figure
from feedback.domain.periods import Window
from feedback.domain.shares import Ratio
from feedback.domain.states import RatingLevel
from feedback.domain.windows import (
    Sample,
    WindowFigures,
    on_time_by_due,
    on_time_by_original_due,
    outcome_shares,
    rank_by_satisfaction,
    satisfaction,
)


def create_figures(**counts: int) -> WindowFigures:
    """Counts by the names of their figures, nothing else."""
    return WindowFigures(
        {Figure(name): count for name, count in counts.items()}, {}, Backlog(date(2026, 11, 21))
    )


def create_ratings(satisfied: int, acceptable: int = 0, dissatisfied: int = 0) -> WindowFigures:
    """So many ratings of each level."""
    return create_figures(
        rated=satisfied + acceptable + dissatisfied,
        rated_satisfied=satisfied,
        rated_acceptable=acceptable,
        rated_dissatisfied=dissatisfied,
    )


def test_thirty_days_end_with_today_and_follow_on_those_before() -> None:
    window = Window.ending(date(2026, 11, 21), 30)
    assert window == Window(date(2026, 10, 23), date(2026, 11, 21))
    assert window.before == Window(date(2026, 9, 23), date(2026, 10, 22))
    assert len(window.days) == 30
    assert date(2026, 10, 23) in window
    assert date(2026, 10, 22) not in window


def test_the_index_counts_the_satisfied_only() -> None:
    # 2,857 published ratings: 94.11 % "satisfied" were 50.87 % and 43.24 % neutral ones.
    said = satisfaction(create_ratings(1453, 1235, 168))
    shares = satisfaction(create_ratings(1453, 1236, 168)).shares
    assert said.index == Ratio(1453, 2856)
    assert said.not_dissatisfied == Ratio(2688, 2856)
    assert shares is not None
    assert sum(shares.values()) == 100
    assert shares[RatingLevel.SATISFIED] == Decimal("50.86")


@pytest.mark.parametrize(
    ("ratings", "sample"),
    [(0, Sample.NONE), (4, Sample.HIDDEN), (5, Sample.FEW), (29, Sample.FEW), (30, Sample.ENOUGH)],
)
def test_few_ratings_say_little(ratings: int, sample: Sample) -> None:
    said = satisfaction(create_ratings(ratings))
    assert said.sample is sample
    assert (said.index is None) == (sample in {Sample.NONE, Sample.HIDDEN})
    assert (said.shares is None) == (sample in {Sample.NONE, Sample.HIDDEN})


def test_the_interval_is_wilsons() -> None:
    interval = satisfaction(create_ratings(81, 0, 182)).interval
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_only_units_with_enough_ratings_are_ranked_by_range() -> None:
    said = {
        "best": satisfaction(create_ratings(95, 0, 5)),
        "middle": satisfaction(create_ratings(60, 0, 40)),
        "near": satisfaction(create_ratings(55, 0, 45)),
        "few": satisfaction(create_ratings(29)),
    }
    assert rank_by_satisfaction(said.items()) == {
        "best": RankRange(1, 1),
        "middle": RankRange(2, 3),
        "near": RankRange(2, 3),
    }


def test_two_rates_stand_together_each_with_its_own_cohort() -> None:
    figures = create_figures(
        due_original=10, due_original_on_time=6, due_original_fixed_on_time=4, due=9, due_on_time=8
    )
    assert on_time_by_original_due(figures).answered == Ratio(6, 10)
    assert on_time_by_original_due(figures).fixed == Ratio(4, 10)
    assert on_time_by_due(figures).answered == Ratio(8, 9)
    assert on_time_by_due(create_figures()).answered.percent is None


def test_shares_of_outcomes_add_up_to_a_hundred() -> None:
    shares = outcome_shares(create_figures(closed_fixed=1, closed_planned=1, closed_refused=1))
    assert sum(share.percent for share in shares) == 100
    assert [share.ratio.numerator for share in shares] == [1, 1, 0, 0, 1]
    assert outcome_shares(create_figures()) == ()
