"""How dates and numbers look to people: one spelling for every page.

Dates are dd/mm/yyyy HH:MM in both languages, in the city's time zone; numbers follow the language
(decimal comma in Vietnamese).
"""

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_decimal, get_locale
from markupsafe import Markup, escape

NOTHING = "—"


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


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's group and decimal signs; "—" for none.

    `decimals` is exact: 3.2 with two decimals is "3,20" in Vietnamese.
    """
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(round(value, decimals), format=pattern))


def percent(share: float | Fraction | None, decimals: int = 1) -> Markup | str:
    """A share between 0 and 1 as a percentage that does not break before its sign."""
    if share is None:
        return NOTHING
    gap = "\N{NO-BREAK SPACE}" if str(get_locale()) == "vi" else ""
    return escape(f"{number(float(share * 100), decimals)}{gap}%")
