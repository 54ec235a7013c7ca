"""Shares by unit: what may be said of each, who stands out, and why the whole changed."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.backlog import Backlog
from feedback.domain.funnel import Standing
from feedback.domain.intervals import RankRange
from feedback.domain.measures import Figure
from feedback.domain.share_measures import (
    SHARES,
    Effect,
    ShareMeasure,
    effects,
    share_lines,
)
from feedback.domain.shares import Ratio
from feedback.domain.windows import Sample, WindowFigures


def create_window(measure: ShareMeasure, part: int, whole: int) -> WindowFigures:
    told = SHARES[measure]
    return WindowFigures({told.part: part, told.whole: whole}, {}, Backlog(date(2026, 11, 28)))


ratios = st.integers(0, 60).flatmap(
    lambda whole: st.integers(0, whole).map(lambda part: Ratio(part, whole))
)


@given(st.lists(st.tuples(ratios, ratios), max_size=8))
def test_effects_of_all_parts_are_exactly_the_change_of_the_whole(
    pairs: list[tuple[Ratio, Ratio]],
) -> None:
    found = effects(dict(enumerate(pairs)))
    whole = [
        Ratio(sum(p[at].numerator for p in pairs), sum(p[at].denominator for p in pairs))
        for at in (0, 1)
    ]
    if not (whole[0].denominator and whole[1].denominator):
        assert found == {}
        return
    change = (whole[1].share or 0) - (whole[0].share or 0)
    assert sum(effect.total for effect in found.values()) == change


def test_a_unit_that_got_worse_and_one_that_grew_are_told_apart() -> None:
    found = effects(
        {
            "worse": (Ratio(90, 100), Ratio(50, 100)),
            "same": (Ratio(90, 100), Ratio(90, 100)),
        }
    )
    assert found == {
        "worse": Effect(own=Fraction(-1, 5), mix=Fraction(0)),
        "same": Effect(own=Fraction(0), mix=Fraction(0)),
    }
    grown = effects(
        {
            "slow": (Ratio(0, 10), Ratio(0, 90)),
            "fast": (Ratio(90, 90), Ratio(10, 10)),
        }
    )
    assert all(effect.own == 0 for effect in grown.values())
    assert sum(effect.mix for effect in grown.values()) == Fraction(1, 10) - Fraction(9, 10)


def test_a_unit_that_began_only_now_moves_the_whole_by_its_weight() -> None:
    found = effects({"new": (Ratio(0, 0), Ratio(0, 50)), "old": (Ratio(50, 50), Ratio(50, 50))})
    assert found["new"].own == 0
    assert sum(effect.total for effect in found.values()) == Fraction(-1, 2)


def test_only_the_one_that_chance_cannot_explain_stands_out() -> None:
    measure = ShareMeasure.ON_TIME_ORIGINAL
    lines = share_lines(
        measure,
        [
            *((n, create_window(measure, 90 + n % 3, 100), None) for n in range(10)),
            (10, create_window(measure, 60, 100), None),
            (11, create_window(measure, 0, 6), None),
        ],
    )
    by_key = {line.key: line for line in lines}
    assert {key for key, line in by_key.items() if line.standing is Standing.BELOW} == {10}
    assert by_key[11].standing is None
    assert by_key[11].sample is Sample.FEW
    assert all(line.interval is None and line.rank is None for line in lines)


def test_ratings_are_hidden_below_five_and_ranked_from_thirty() -> None:
    measure = ShareMeasure.SATISFIED
    lines = {
        line.key: line
        for line in share_lines(
            measure,
            [
                ("hidden", create_window(measure, 4, 4), None),
                ("few", create_window(measure, 20, 29), None),
                ("good", create_window(measure, 95, 100), None),
                ("bad", create_window(measure, 20, 100), create_window(measure, 30, 100)),
            ],
        )
    }
    assert {key: line.sample for key, line in lines.items()} == {
        "hidden": Sample.HIDDEN, "few": Sample.FEW, "good": Sample.ENOUGH, "bad": Sample.ENOUGH,
    }  # fmt: skip
    assert lines["hidden"].interval is None
    assert lines["few"].interval is not None
    assert lines["few"].rank is None
    assert (lines["good"].rank, lines["bad"].rank) == (RankRange(1, 1), RankRange(2, 2))
    assert lines["bad"].effect is not None
    assert lines["good"].effect is None


def test_what_few_people_said_is_not_told_by_what_it_changed() -> None:
    measure, many, few = ShareMeasure.SATISFIED, (7, 10), (3, 3)
    windows = {"now": (few, many), "before": (many, few), "told": (many, many)}
    by_key = {
        line.key: line.effect
        for line in share_lines(
            measure,
            [
                (key, create_window(measure, *now), create_window(measure, *before))
                for key, (now, before) in windows.items()
            ],
        )
    }
    assert {key for key, effect in by_key.items() if effect is not None} == {"told"}


def test_every_share_is_a_part_of_its_whole_by_name() -> None:
    for told in SHARES.values():
        assert told.part is not told.whole
        assert isinstance(told.part, Figure)
