"""What counters are said to be like, as the tables for heads and supervisors show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from feedback.domain.counter_ratings import CounterFigures, counter_figures
from feedback.domain.periods import ONE_DAY
from feedback.domain.windows import HIDDEN_BELOW
from feedback.extensions import db
from feedback.storage.models import Counter, CounterRating
from feedback.storage.queries import counters, photos
from feedback.web.context import city, now
from feedback.web.counter_words import CHANNELS, REASONS, counter_name
from feedback.web.presenting import PhotoView, photo_view, unit_name
from feedback.web.windows import asked_period, window_choice

REMARKS = 30


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One counter in the table. `mix` is its ratings by channel, in words and numbers."""

    name: str
    unit: str
    active: bool
    figures: CounterFigures
    mix: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody added to a face: of which counter and when, never by whom."""

    counter: str
    day: date
    reason: str
    comment: str
    photos: list[PhotoView]


def board(unit_id: int | None = None) -> dict[str, Any]:
    """The table of all counters, or of one unit's, over the window in the address, for a template.

    A counter with fewer than 5 ratings shows no more than that, so that nobody can be guessed.
    """
    session, moment = db.session(), now()
    period = asked_period()
    since, over = (
        datetime.combine(day, time.min, tzinfo=city().zone)
        for day in (period.window.first, period.window.last + ONE_DAY)
    )
    until = min(over, moment + timedelta(seconds=1))
    listed = counters.listed(session, unit_id=unit_id)
    counts = counters.counts(session, [one.id for one in listed], since, until)
    lines = {one.id: _line(one, counter_figures(counts.get(one.id, {}))) for one in listed}
    told = [one.id for one in listed if lines[one.id].figures.everything.ratings >= HIDDEN_BELOW]
    said = counters.remarks(session, told, since, until, REMARKS)
    return {
        "lines": [
            line for line in lines.values() if line.active or line.figures.everything.ratings
        ],
        "window": period.window,
        "choice": window_choice(period),
        "data_time": moment,
        "hidden_below": HIDDEN_BELOW,
        "rush": city().rush,
        "remarks": _remarks(said, lines),
    }


def _line(counter: Counter, figures: CounterFigures) -> CounterLine:
    return CounterLine(
        name=counter_name(counter),
        unit=unit_name(counter.unit),
        active=counter.active,
        figures=figures,
        mix=[(str(CHANNELS[channel]), said.ratings) for channel, said in figures.channels.items()],
    )


def _remarks(said: Sequence[CounterRating], lines: dict[int, CounterLine]) -> list[Remark]:
    pictures = photos.of_counter_ratings(db.session(), [rating.id for rating in said])
    return [
        Remark(
            counter=lines[rating.counter_id].name,
            day=rating.rated_at.astimezone(city().zone).date(),
            reason=str(REASONS[rating.reason]) if rating.reason else "",
            comment=rating.comment,
            photos=[photo_view(photo) for photo in pictures.get(rating.id, ())],
        )
        for rating in said
    ]
