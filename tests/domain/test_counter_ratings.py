"""Which presses of a face are doubtful, and what a counter's ratings say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.domain.counter_ratings import (
    Rush,
    counter_figures,
    flag_of,
    rush_so_far,
)
from feedback.domain.states import CounterChannel, CounterFlag, RatingLevel
from feedback.domain.windows import Sample

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
S, A, D = RatingLevel.SATISFIED, RatingLevel.ACCEPTABLE, RatingLevel.DISSATISFIED
QR, KIOSK = CounterChannel.QR, CounterChannel.KIOSK


@pytest.mark.parametrize(
    ("seconds_ago", "at_kiosk", "flag"),
    [
        (None, False, None),
        (None, True, None),
        (0, False, CounterFlag.BURST),
        (1.9, True, CounterFlag.BURST),
        (2, True, None),
        (2, False, CounterFlag.REPEAT),
        (599, False, CounterFlag.REPEAT),
        (600, False, None),
    ],
)
def test_a_press_is_doubted_by_the_one_before(
    seconds_ago: float | None, at_kiosk: bool, flag: CounterFlag | None
) -> None:
    last = None if seconds_ago is None else NOW - timedelta(seconds=seconds_ago)
    assert flag_of(NOW, last, at_kiosk=at_kiosk) is flag


def test_figures_stand_with_and_without_what_is_flagged_and_by_channel() -> None:
    found = counter_figures(
        {(QR, S, False): 81, (QR, A, False): 100, (KIOSK, D, False): 82, (KIOSK, S, True): 37}
    )
    kept, everything = found.unflagged, found.everything
    assert (kept.ratings, everything.ratings, found.flagged) == (263, 300, 37)
    assert kept.index is not None
    assert (kept.index.numerator, kept.index.denominator) == (81, 263)
    assert kept.interval is not None
    assert (round(kept.interval.low, 4), round(kept.interval.high, 4)) == (0.2553, 0.3662)
    assert everything.shares == {S: Decimal("39.33"), A: Decimal("33.33"), D: Decimal("27.34")} or (
        everything.shares is not None and sum(everything.shares.values()) == 100
    )
    assert {channel: said.ratings for channel, said in found.channels.items()} == {
        QR: 181,
        KIOSK: 119,
    }


def test_too_few_ratings_say_nothing() -> None:
    assert counter_figures({}).everything.sample is Sample.NONE
    few = counter_figures({(QR, S, False): 4, (QR, S, True): 1})
    assert few.unflagged.sample is Sample.HIDDEN
    assert few.unflagged.index is None
    assert few.everything.sample is Sample.FEW


MOMENTS = st.lists(st.integers(0, 3_000), max_size=60).map(sorted)


def found_press_by_press(presses: list[datetime], rush: Rush) -> set[datetime]:
    """All moments of rushes that some presses, in their order, make known."""
    known: set[datetime] = set()
    for number, press in enumerate(presses):
        known |= rush_so_far(press, presses[:number], rush)
    return known


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(1, 8), st.integers(1, 600))
def test_a_press_is_in_a_rush_if_some_stretch_that_holds_it_holds_too_many(
    seconds: list[int], most: int, within: int
) -> None:
    rush = Rush(most, timedelta(seconds=within))
    presses = [NOW + timedelta(seconds=second) for second in seconds]
    known = found_press_by_press(presses, rush)
    for press in presses:
        crowded = any(
            start <= press < start + rush.within
            and sum(start <= one < start + rush.within for one in presses) > most
            for start in presses
        )
        assert (press in known) is crowded


def test_as_many_presses_as_allowed_are_no_rush() -> None:
    rush = Rush(presses=3, within=timedelta(minutes=1))
    steady = [NOW + timedelta(seconds=20 * number) for number in range(50)]
    assert found_press_by_press(steady, rush) == set()
    one_more = NOW + timedelta(seconds=25)
    assert found_press_by_press(sorted([*steady, one_more]), rush) == {*steady[:5], one_more}
