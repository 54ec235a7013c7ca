"""The pages beside the overview: each topic with its measures, in their order."""

from collections.abc import Mapping
from enum import StrEnum

from feedback.domain.durations import Duration
from feedback.domain.share_measures import ShareMeasure
from feedback.wording import _


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
