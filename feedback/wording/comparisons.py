"""What a window is held against, in words."""

from feedback.domain.comparisons import Against
from feedback.wording import _


def comparison_word(against: Against) -> str:
    """A comparison, within a sentence."""
    return {
        Against.BEFORE: _("the window just before"),
        Against.YEAR: _("the same window one year earlier"),
    }[against]


def comparison_choice(against: Against) -> str:
    """A comparison as an entry to choose it by, short enough for a phone."""
    return {
        Against.BEFORE: _("Against the window before"),
        Against.YEAR: _("Against one year earlier"),
    }[against]


def earlier_word(against: Against) -> str:
    """The window compared with, as the head of its column."""
    return {
        Against.BEFORE: _("Window before"),
        Against.YEAR: _("One year earlier"),
    }[against]
