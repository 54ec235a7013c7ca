"""Who stands out from the others by more than chance."""

from random import Random

import pytest

from feedback.domain.funnel import ALPHA, Standing, limits, p_value, standings


def test_a_unit_far_below_the_others_stands_out_and_the_others_do_not() -> None:
    found = standings([(80, 100), (78, 100), (82, 100), (40, 100), (79, 100)])
    assert [standing for standing, _ in found] == [
        *(Standing.WITHIN, Standing.WITHIN, Standing.WITHIN, Standing.BELOW, Standing.WITHIN),
    ]


def test_the_same_share_stands_out_only_where_many_cases_back_it() -> None:
    small = standings([(800, 1000), (21, 30)])
    large = standings([(800, 1000), (210, 300)])
    assert small[1][0] is Standing.WITHIN
    assert large[1][0] is Standing.BELOW


def test_all_alike_and_nobody_at_all_leave_nobody_standing_out() -> None:
    assert standings([]) == ()
    assert standings([(7, 10)]) == ((Standing.WITHIN, 1.0),)
    assert {one for one, _ in standings([(50, 50), (40, 40)])} == {Standing.WITHIN}
    assert {one for one, _ in standings([(0, 50), (0, 40)])} == {Standing.WITHIN}


@pytest.mark.parametrize("counts", [[(1, 0)], [(-1, 5)], [(6, 5)]])
def test_counts_that_cannot_be_are_refused(counts: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="successes"):
        standings(counts)


def test_limits_narrow_with_the_number_of_cases_and_hold_the_share() -> None:
    widths = []
    for total in (5, 30, 200, 5_000):
        found = limits(total, 0.8, 0.95)
        assert 0 <= found.low < 0.8 < found.high <= 1
        assert limits(total, 0.8, 0.998).low <= found.low
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)


def test_a_unit_outside_the_limits_has_a_small_p_value() -> None:
    found = limits(400, 0.7, 0.95)
    assert p_value(round(400 * found.low) - 2, 400, 0.7) < ALPHA
    assert p_value(round(400 * found.low) + 2, 400, 0.7) > ALPHA


def test_fifty_equal_units_hardly_ever_have_one_standing_out() -> None:
    random = Random(2005)  # noqa: S311 (repeatable on purpose)
    runs = flagged = 0
    for _ in range(300):
        share = random.uniform(0.3, 0.95)
        sizes = [random.randint(30, 150) for _ in range(50)]
        counts = [(sum(random.random() < share for _ in range(size)), size) for size in sizes]
        runs += 1
        flagged += any(standing is not Standing.WITHIN for standing, _ in standings(counts))
    assert flagged / runs <= ALPHA
