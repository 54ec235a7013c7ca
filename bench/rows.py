"""One line of the results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, the figure as text, what is wanted (empty: nothing in particular)."""

    name: str
    figure: str
    wanted: str = ""
