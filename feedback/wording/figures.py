"""Figures in words: what each one counts, and times as people say them."""

from feedback.domain.backlog import AGE_LIMITS
from feedback.domain.measures import Figure
from feedback.domain.periods import Period
from feedback.domain.share_words import period_message
from feedback.domain.states import Clock
from feedback.domain.survival import Percentile, Shown
from feedback.wording import _
from feedback.wording.numbers import number

A_DAY = 24 * 60


def words_of(figure: Figure) -> str:
    """What a figure counts."""
    return {
        Figure.RECEIVED: _("Reports received"),
        Figure.EXCLUDED: _("Rejected, duplicate and withdrawn reports"),
        Figure.EXCLUDED_REJECTED: _("Rejected reports"),
        Figure.EXCLUDED_DUPLICATE: _("Duplicate reports"),
        Figure.EXCLUDED_WITHDRAWN: _("Reports withdrawn by their reporter"),
        Figure.OPEN: _("Open reports"),
        Figure.OVERDUE: _("Overdue reports"),
        Figure.DISPATCHED: _("Reports received and sent to a unit since"),
        Figure.FIRST_ANSWERED: _("Reports received and answered for the first time since"),
        Figure.FELT: _("Reports received and closed since"),
        Figure.GIVEN_WORKING: _("Sent to units, working time"),
        Figure.GIVEN_ROUND_THE_CLOCK: _("Sent to units, round the clock"),
        Figure.ACCEPTED_WORKING: _("Sent to units and accepted, working time"),
        Figure.ACCEPTED_ROUND_THE_CLOCK: _("Sent to units and accepted, round the clock"),
        Figure.LOST_WORKING: _("Sent to units and gone again unaccepted, working time"),
        Figure.LOST_ROUND_THE_CLOCK: _("Sent to units and gone again unaccepted, round the clock"),
        Figure.STARTED_WORKING: _("Cases started, working time"),
        Figure.STARTED_ROUND_THE_CLOCK: _("Cases started, round the clock"),
        Figure.FINISHED_WORKING: _("Cases started and answered, working time"),
        Figure.FINISHED_ROUND_THE_CLOCK: _("Cases started and answered, round the clock"),
        Figure.TO_FIX_WORKING: _("Reports to be fixed, working time"),
        Figure.TO_FIX_ROUND_THE_CLOCK: _("Reports to be fixed, round the clock"),
        Figure.FIXED_WORKING: _("Reports fixed, working time"),
        Figure.FIXED_ROUND_THE_CLOCK: _("Reports fixed, round the clock"),
        Figure.NOTHING_TO_FIX: _("Reports with nothing to fix"),
        Figure.BOTH_CLOCKS: _("Reports counted on both clocks"),
        Figure.DUE_ORIGINAL: _("Cases due by their first deadline"),
        Figure.DUE_ORIGINAL_ON_TIME: _("Answered by their first deadline"),
        Figure.DUE_ORIGINAL_FIXED_ON_TIME: _("Fixed by their first deadline"),
        Figure.DUE: _("Cases due after waiting and extensions"),
        Figure.DUE_ON_TIME: _("Answered on time after waiting and extensions"),
        Figure.DUE_FIXED_ON_TIME: _("Fixed on time after waiting and extensions"),
        Figure.CLOSED: _("Cases closed"),
        Figure.CLOSED_FIXED: _("Closed as fixed"),
        Figure.CLOSED_PLANNED: _("Closed as planned"),
        Figure.CLOSED_NOT_COMPETENT: _("Closed as not the city's task"),
        Figure.CLOSED_NOT_FOUND: _("Closed with nothing found on site"),
        Figure.CLOSED_REFUSED: _("Closed as refused"),
        Figure.CLOSED_RATED: _("Closed and rated since"),
        Figure.CLOSED_REOPENED: _("Closed and reopened since"),
        Figure.CLOSED_REPEATED: _("Closed and reported again nearby"),
        Figure.PROMISED: _("Promises whose day has passed"),
        Figure.PROMISED_KEPT: _("Promises kept"),
        Figure.PROMISED_KEPT_ON_TIME: _("Promises kept by their day"),
        Figure.RATED: _("Ratings"),
        Figure.RATED_SATISFIED: _("Ratings: satisfied"),
        Figure.RATED_ACCEPTABLE: _("Ratings: acceptable"),
        Figure.RATED_DISSATISFIED: _("Ratings: not satisfied"),
    }[figure]


def period_word(period: Period) -> str:
    """A month, quarter or year as people say it: "Tháng 11/2026"."""
    message, places = period_message(period)
    return _(message, **places)


def age_words() -> list[str]:
    """The ages of what is open, the youngest first."""
    week, month, quarter = AGE_LIMITS
    return [
        _("up to %(days)s days", days=week),
        _("%(from)s–%(to)s days", **{"from": week + 1, "to": month}),
        _("%(from)s–%(to)s days", **{"from": month + 1, "to": quarter}),
        _("over %(days)s days", days=quarter),
    ]


def percentile_words(one: Percentile, clock: str, working_day_minutes: int) -> str:
    """A percentile of the time to answer, or why there is none."""
    if one.minutes is not None:
        return duration(one.minutes, clock, working_day_minutes)
    if one.reason is Shown.NOT_REACHED:
        return _("cannot be told yet")
    return _("not enough data")


def duration(minutes: int, clock: str, working_day_minutes: int) -> str:
    """Minutes of a clock in its largest unit that holds at least one: "3,2 ngày làm việc"."""
    working = Clock(clock) is Clock.WORKING
    day = working_day_minutes if working else A_DAY
    if day and minutes >= day:
        count = number(minutes / day, 1)
        return (
            _("%(count)s working days", count=count)
            if working
            else _("%(count)s days", count=count)
        )
    if minutes >= 60:
        count = number(minutes / 60, 1)
        return (
            _("%(count)s working hours", count=count)
            if working
            else _("%(count)s hours", count=count)
        )
    count = number(minutes)
    return (
        _("%(count)s working minutes", count=count)
        if working
        else _("%(count)s minutes", count=count)
    )
