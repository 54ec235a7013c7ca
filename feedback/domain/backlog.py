"""What is open at the end of a day, and how old it is.

A stock, not a sum: over a window it is the last day's. Going back a day takes away what the day
brought (its flows), so any day's backlog follows from a later one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

AGE_LIMITS = (7, 30, 90)  # days; a band holds ages up to its limit, the last one all above
ByReceived = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Open reports at the end of `day`, by the day they came in."""

    day: date
    by_received: ByReceived = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many are open."""
        return sum(self.by_received.values())

    @property
    def bands(self) -> tuple[int, ...]:
        """How many of each age: up to 7 days, up to 30, up to 90, and older."""
        found = [0] * (len(AGE_LIMITS) + 1)
        for received_on, reports in self.by_received.items():
            age = (self.day - received_on).days
            found[sum(age > limit for limit in AGE_LIMITS)] += reports
        return tuple(found)

    @property
    def median_age(self) -> int | None:
        """The age in days that half of them have reached or passed; None without any."""
        wanted = (self.count + 1) // 2
        seen = 0
        for received_on in sorted(self.by_received):
            seen += self.by_received[received_on]
            if wanted and seen >= wanted:
                return (self.day - received_on).days
        return None


def backlogs_before(
    later: Backlog, flows: Mapping[date, ByReceived], days: Collection[date]
) -> dict[date, Backlog]:
    """The backlog at the end of each of some days, from a later day's and the flows between."""
    stock = Counter(later.by_received)
    ahead = sorted(day for day in flows if day <= later.day)
    found = {}
    for day in sorted(days, reverse=True):
        while ahead and ahead[-1] > day:
            stock.subtract(flows[ahead.pop()])
        found[day] = Backlog(day, {received: n for received, n in stock.items() if n})
    return found


def backlog_by_day(
    last: Backlog, flows: Mapping[date, ByReceived], first: date
) -> Iterator[Backlog]:
    """The backlog at the end of each day, backwards from the last day to `first`."""
    stock, day = Counter(last.by_received), last.day
    while day >= first:
        yield Backlog(day, {received: n for received, n in stock.items() if n})
        stock.subtract(flows.get(day, {}))
        day -= timedelta(days=1)
