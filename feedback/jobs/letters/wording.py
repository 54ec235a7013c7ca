"""Words, moments, names and addresses as letters spell them."""

from datetime import date, datetime
from typing import cast

from flask import current_app

from config import Settings
from feedback.domain.states import Clock, Outcome
from feedback.operations.city import City
from feedback.storage.models import Area, Category, Report, Round, Unit
from feedback.wording import _, in_english, ngettext


def settings() -> Settings:
    """The settings of the installation."""
    return cast(Settings, current_app.extensions["settings"])


def link(endpoint: str, **values: str | int) -> str:
    """The whole address of a page, as it can be followed from a letter."""
    return settings().public_url + current_app.url_map.bind("").build(endpoint, values)


def secret_link(report: Report, endpoint: str = "citizen.show") -> str:
    """A page of the report's own reporter."""
    return link(endpoint, code=report.code, token=report.token)


def moment(at: datetime) -> str:
    """A moment on the city's clock: 17:00 on 11/03/2026."""
    city: City = current_app.extensions["city"]
    local = at.astimezone(city.zone)
    return _("%(time)s on %(day)s", time=local.strftime("%H:%M"), day=day(local.date()))


def day(on: date) -> str:
    """A day as dd/mm/yyyy."""
    return on.strftime("%d/%m/%Y")


def promise(current: Round) -> str:
    """What the service level of a round promises, in words."""
    level = current.service_level
    if level.clock is Clock.WORKING and level.resolve_days:
        return ngettext(
            "Within %(num)s working day, counted from the day it was sent on.",
            "Within %(num)s working days, counted from the day it was sent on.",
            level.resolve_days,
        )
    hours = (level.resolve_minutes or 0) // 60
    return ngettext(
        "Within %(num)s hour, nights and holidays included.",
        "Within %(num)s hours, nights and holidays included.",
        hours,
    )


def outcome_word(outcome: Outcome) -> str:
    """What became of a report, in words."""
    return {
        Outcome.FIXED: _("fixed"),
        Outcome.PLANNED: _("planned"),
        Outcome.NOT_COMPETENT: _("not the city's task"),
        Outcome.NOT_FOUND: _("nothing found on site"),
        Outcome.REFUSED: _("will not be done"),
    }[outcome]


def category_name(category: Category | None) -> str:
    """A category's name, or nothing."""
    if category is None:
        return ""
    return category.name_en if in_english() else category.name_vi


def area_name(area: Area | None) -> str:
    """An area's full name, or nothing."""
    if area is None:
        return ""
    return (in_english() and area.name_en) or area.full_name


def unit_name(unit: Unit | None) -> str:
    """A unit's name, or nothing."""
    if unit is None:
        return ""
    return (in_english() and unit.name_en) or unit.name


def city_name() -> str:
    """The name of the city."""
    return settings().city_name_en if in_english() else settings().city_name_vi
