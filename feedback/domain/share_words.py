"""What shares and periods are called: on pages and on paper they have one name each.

They are messages of the catalogues; whoever shows one hands it to gettext.
"""

from collections.abc import Mapping

from feedback.domain.periods import Period, PeriodKind
from feedback.domain.share_measures import ShareMeasure


def N_(message: str) -> str:  # noqa: N802 (by this name the catalogues find what is said later)
    """The message itself, gathered for the catalogues."""
    return message


SHARE_NAMES: Mapping[ShareMeasure, str] = {
    ShareMeasure.ON_TIME_ORIGINAL: N_("Answered by the first deadline"),
    ShareMeasure.ON_TIME: N_("Answered on time after waiting and extensions"),
    ShareMeasure.FIXED_ON_TIME_ORIGINAL: N_("Fixed by the first deadline"),
    ShareMeasure.FIXED_ON_TIME: N_("Fixed on time after waiting and extensions"),
    ShareMeasure.FIXED: N_("Closed as fixed"),
    ShareMeasure.PROMISES_KEPT: N_("Promises kept by their day"),
    ShareMeasure.SATISFIED: N_("Satisfied"),
    ShareMeasure.RESPONSE: N_("Closed cases that were rated"),
    ShareMeasure.REOPENED: N_("Closed cases that were reopened"),
    ShareMeasure.REPEATED: N_("Closed cases reported again nearby"),
}


def period_message(period: Period) -> tuple[str, dict[str, str | int]]:
    """The name of a month, quarter or year, as a message and what fills its places."""
    year = period.window.first.year
    if period.kind is PeriodKind.YEAR:
        return N_("Year %(year)s"), {"year": year}
    if period.kind is PeriodKind.QUARTER:
        return N_("Quarter %(quarter)s/%(year)s"), {"quarter": period.name[-1], "year": year}
    return N_("Month %(month)s/%(year)s"), {"month": period.window.first.month, "year": year}
