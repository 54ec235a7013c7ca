"""Packed cases come out as they went in, in few bytes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.domain.frozen_cases import FrozenCase, Pack, unpacked

KEYS = st.none() | st.integers(1, 2**31 - 1)
CASES = st.builds(
    FrozenCase,
    report_id=st.integers(1, 2**31 - 1),
    round_number=st.none() | st.integers(1, 99),
    unit_id=KEYS,
    category_id=KEYS,
    area_id=KEYS,
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)).map(  # noqa: DTZ001 (made aware)
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    minutes=st.none() | st.integers(0, 2**31 - 1),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CASES, max_size=20))
def test_what_was_packed_comes_out_again(cases: list[FrozenCase]) -> None:
    pack = Pack()
    for case in cases:
        pack.add(case)
    assert len(pack) == len(cases)
    assert list(unpacked(pack.packed())) == cases


def test_ten_thousand_cases_take_little_room() -> None:
    pack, start = Pack(), datetime(2026, 3, 2, tzinfo=UTC)
    for n in range(10_000):
        moment = start + timedelta(minutes=4 * n)
        pack.add(FrozenCase(7 * n, 1, n % 60, n % 25, n % 40, moment, 60 * (n % 900)))
    assert len(pack.packed()) < 100_000
