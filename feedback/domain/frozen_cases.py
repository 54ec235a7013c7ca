"""The cases behind the figures of a printed report, packed small enough to be kept for ever."""

import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_NONE = -1
_CODES = "iiiiiqi"  # report, round, unit, category, area, second, minutes


@dataclass(frozen=True, slots=True)
class FrozenCase:
    """One case of a figure as it counted then: whose it was, when, and how long it took."""

    report_id: int
    round_number: int | None
    unit_id: int | None
    category_id: int | None
    area_id: int | None
    moment: datetime
    minutes: int | None


class Pack:
    """Cases being packed; `packed` gives their bytes, the same for the same cases."""

    def __init__(self) -> None:
        self._columns = [array(code) for code in _CODES]

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(self, case: FrozenCase) -> None:
        """One more case."""
        for column, value in zip(self._columns, _values(case), strict=True):
            column.append(value)

    def packed(self) -> bytes:
        """All of them as bytes."""
        return zlib.compress(b"".join(_bytes(column) for column in self._columns), 6)


def unpacked(packed: bytes) -> Iterator[FrozenCase]:
    """The cases of a pack, in their order."""
    whole = zlib.decompress(packed)
    size = sum(array(code).itemsize for code in _CODES)
    count, at, columns = len(whole) // size, 0, []
    for code in _CODES:
        column = array(code)
        end = at + count * column.itemsize
        column.frombytes(whole[at:end])
        if sys.byteorder == "big":
            column.byteswap()
        columns.append(column)
        at = end
    for report_id, number, unit, category, area, second, minutes in zip(*columns, strict=True):
        yield FrozenCase(
            report_id,
            _or_none(number),
            _or_none(unit),
            _or_none(category),
            _or_none(area),
            datetime.fromtimestamp(second, UTC),
            _or_none(minutes),
        )


def _values(case: FrozenCase) -> tuple[int, ...]:
    whole = (case.round_number, case.unit_id, case.category_id, case.area_id)
    numbers = [_NONE if one is None else one for one in (*whole, case.minutes)]
    return case.report_id, *numbers[:4], int(case.moment.timestamp()), numbers[4]


def _bytes(column: "array[int]") -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()


def _or_none(number: int) -> int | None:
    return None if number == _NONE else number
