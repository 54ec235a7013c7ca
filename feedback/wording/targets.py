"""What targets ask for, and for when: on pages and on paper in the same words."""

from fractions import Fraction

from feedback.domain.periods import period_named
from feedback.domain.targets import HUNDRED_PERCENT, TargetKind, calendar_window
from feedback.storage.models import Target
from feedback.wording import _
from feedback.wording.figures import period_word
from feedback.wording.numbers import percent


def period_name(name: str) -> str:
    """A month, quarter or year as people say it, though it may lie ahead. Raises ValueError."""
    return period_word(period_named(name, calendar_window(name).last))


def hundredths(value: int) -> str:
    """Hundredths of a percent: "95 %", "92,50 %"."""
    return str(percent(Fraction(value, HUNDRED_PERCENT), 0 if value % 100 == 0 else 2))


def value_word(target: Target) -> str:
    """What a target asks for: "95 %", or how much less of what went wrong before."""
    share = hundredths(abs(target.value))
    if target.kind is TargetKind.ABSOLUTE or target.base_period is None:
        return share
    base = period_name(target.base_period)
    return _("%(share)s less of what went wrong in %(period)s", share=share, period=base)
