"""How dates and numbers look to people: one spelling for every page.

Dates are dd/mm/yyyy HH:MM in both languages, in the city's time zone; numbers follow the language
(decimal comma in Vietnamese).
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from feedback.wording.numbers import NOTHING, number, percent


def register_formats(app: Flask, time_zone: ZoneInfo) -> None:
    """Give the templates their filters for dates, times and numbers.

    `moment`, `time_tag`, `clock`, `day` and `short_day` read `time_zone`; `number` and `percent`
    follow the language of the request.
    """

    def moment(value: datetime | None) -> str:
        """An aware datetime as dd/mm/yyyy HH:MM on the city's clock; "—" for none."""
        return value.astimezone(time_zone).strftime("%d/%m/%Y %H:%M") if value else NOTHING

    def time_tag(value: datetime | None) -> Markup:
        """The same inside a <time> element that machines can read."""
        if value is None:
            return escape(NOTHING)
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), moment(value))

    def clock(value: datetime | None) -> str:
        """HH:MM on the city's clock."""
        return value.astimezone(time_zone).strftime("%H:%M") if value else NOTHING

    def local_day(value: date | datetime | None, pattern: str) -> str:
        if value is None:
            return NOTHING
        local = value.astimezone(time_zone) if isinstance(value, datetime) else value
        return local.strftime(pattern)

    app.jinja_env.filters.update(
        moment=moment,
        time_tag=time_tag,
        clock=clock,
        day=lambda value: local_day(value, "%d/%m/%Y"),
        short_day=lambda value: local_day(value, "%d/%m"),
        number=number,
        percent=percent,
    )
