"""The pages beside the overview: each topic with its measures, in their order."""

from collections.abc import Mapping
from enum import StrEnum

from feedback.domain.durations import Duration
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.share_words import SHARE_MEANINGS, SHARE_NAMES
from feedback.web.wording import _


class Topic(StrEnum):
    """What a page is about."""

    TIMELINESS = "timeliness"
    TIMES = "times"
    OUTCOMES = "outcomes"
    SATISFACTION = "satisfaction"
    BACKLOG = "backlog"
    REPEATS = "repeats"


SHARES_OF: Mapping[Topic, tuple[ShareMeasure, ...]] = {
    Topic.TIMELINESS: (
        ShareMeasure.ON_TIME_ORIGINAL,
        ShareMeasure.ON_TIME,
        ShareMeasure.FIXED_ON_TIME_ORIGINAL,
        ShareMeasure.FIXED_ON_TIME,
    ),
    Topic.OUTCOMES: (ShareMeasure.FIXED, ShareMeasure.PROMISES_KEPT),
    Topic.SATISFACTION: (ShareMeasure.SATISFIED, ShareMeasure.RESPONSE),
    Topic.REPEATS: (ShareMeasure.REPEATED, ShareMeasure.REOPENED),
}
TIMES = (
    Duration.ANSWER,
    Duration.FIX,
    Duration.FIRST_ANSWER,
    Duration.DISPATCH,
    Duration.ACCEPT,
    Duration.FELT,
)


def topic_word(topic: Topic) -> str:
    """What a topic is called."""
    return {
        Topic.TIMELINESS: _("On time"),
        Topic.TIMES: _("Times"),
        Topic.OUTCOMES: _("Results"),
        Topic.SATISFACTION: _("Satisfaction"),
        Topic.BACKLOG: _("Backlog"),
        Topic.REPEATS: _("Repeats"),
    }[topic]


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
    return _(SHARE_MEANINGS[measure])


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
