"""Published tables of ratings: what subtraction finds tells of nobody."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.disclosure import SMALLEST, protected

levels = st.tuples(*[st.integers(0, 12)] * 3)
tables = st.dictionaries(st.sampled_from("abcdefgh"), levels, max_size=8)


def small(counts: tuple[int, ...]) -> bool:
    return sum(counts) < SMALLEST or any(0 < one < SMALLEST for one in counts)


@given(tables)
def test_nothing_small_is_shown_nor_found_by_taking_the_rows_from_the_total(
    rows: dict[str, tuple[int, ...]],
) -> None:
    found = protected(rows)
    shown = {key: counts for key, counts in found.rows.items() if counts is not None}
    assert set(found.rows) == {key for key, counts in rows.items() if sum(counts)}
    assert all(counts == rows[key] and not small(counts) for key, counts in shown.items())
    if found.total is None:
        assert not shown
        return
    assert not small(found.total)
    hidden = [rows[key] for key, counts in found.rows.items() if counts is None]
    if not hidden:
        return
    rest = tuple(
        all_ - sum(counts[at] for counts in shown.values()) for at, all_ in enumerate(found.total)
    )
    assert rest == tuple(map(sum, zip(*hidden, strict=True)))
    assert len(hidden) > 1 or len(found.rows) == 1
    assert not small(rest)


def test_a_single_small_unit_takes_the_next_smallest_with_it() -> None:
    found = protected({"tiny": (1, 0, 1), "next": (10, 6, 5), "big": (80, 20, 10)})
    assert found.total == (91, 26, 16)
    assert found.rows == {"tiny": None, "next": None, "big": (80, 20, 10)}


def test_large_rows_are_all_shown() -> None:
    rows = {"a": (50, 20, 7), "b": (40, 10, 0)}
    assert protected(rows).rows == rows


def test_a_city_of_few_ratings_publishes_nothing() -> None:
    found = protected({"a": (2, 1, 0)})
    assert found.total is None
    assert found.rows == {"a": None}
