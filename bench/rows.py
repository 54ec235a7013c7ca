"""One line of the results."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, the figure as text, what is wanted (empty: nothing in particular)."""

    name: str
    figure: str
    wanted: str = ""


def spread(times: list[float]) -> str:
    """The 95th percentile of some seconds, their median and the longest."""
    high = statistics.quantiles(times, n=20)[-1]
    return f"{high:.2f} s ({statistics.median(times):.2f} s, {max(times):.2f} s)"
