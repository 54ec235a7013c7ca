"""What the measures are called, and what they mean, in a sentence each."""

from feedback.domain.durations import Duration
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.share_words import SHARE_NAMES
from feedback.wording import _


def kind_word(kind: str) -> str:
    """What the parts of a scope are called, as the head of their column."""
    return {
        "unit": _("Unit"),
        "category": _("Category"),
        "area": _("Ward or commune"),
    }[kind]


def share_word(measure: ShareMeasure) -> str:
    """What a share is called."""
    return _(SHARE_NAMES[measure])


def share_meaning(measure: ShareMeasure) -> str:
    """What a share is of, in a sentence."""
    return {
        ShareMeasure.ON_TIME_ORIGINAL: _(
            "Cases whose first deadline passed in the window, open ones too. Closed by then, "
            "whatever the result, is on time."
        ),
        ShareMeasure.ON_TIME: _(
            "Cases whose deadline after waiting and extensions passed in the window, open ones too."
        ),
        ShareMeasure.FIXED_ON_TIME_ORIGINAL: _(
            "Of the cases whose first deadline passed in the window, open ones too, those closed "
            "as fixed by it."
        ),
        ShareMeasure.FIXED_ON_TIME: _(
            "Of the cases whose deadline after waiting and extensions passed in the window, open "
            "ones too, those closed as fixed by it."
        ),
        ShareMeasure.FIXED: _("Of all cases closed in the window, those closed as fixed."),
        ShareMeasure.PROMISES_KEPT: _(
            "Promises whose day passed in the window; kept by that day, with evidence."
        ),
        ShareMeasure.SATISFIED: _(
            "Ratings given in the window. Only “satisfied” counts; “acceptable” does not. People "
            "choose whether to rate, so it does not speak for everyone."
        ),
        ShareMeasure.RESPONSE: _("Of all cases closed in the window, those rated by now."),
        ShareMeasure.REOPENED: _("Of all cases closed in the window, those reopened since."),
        ShareMeasure.REPEATED: _(
            "Of all cases closed in the window, those after which the same category was reported "
            "again nearby soon."
        ),
    }[measure]


def time_word(duration: Duration) -> str:
    """What a time is called."""
    return {
        Duration.DISPATCH: _("Time to dispatch"),
        Duration.FIRST_ANSWER: _("Time to the first answer"),
        Duration.ACCEPT: _("Time to accept"),
        Duration.ANSWER: _("Time to answer"),
        Duration.FIX: _("Time to fix"),
        Duration.FELT: _("Time as citizens feel it"),
    }[duration]


def time_meaning(duration: Duration) -> str:
    """From when to when a time runs, in a sentence."""
    return {
        Duration.DISPATCH: _("From receipt to the first dispatch to a unit."),
        Duration.FIRST_ANSWER: _(
            "From receipt to the first question, public note or answer by a person."
        ),
        Duration.ACCEPT: _(
            "From the dispatch to a unit until the unit accepts, counted for the unit that held it."
        ),
        Duration.ANSWER: _(
            "From the start of a round to its close, whatever the result, without waiting for the "
            "citizen."
        ),
        Duration.FIX: _(
            "From the first dispatch until it is fixed or the promise is kept, without waiting and "
            "the time between a close and a reopening."
        ),
        Duration.FELT: _("From receipt to the last close, nothing taken out."),
    }[duration]
