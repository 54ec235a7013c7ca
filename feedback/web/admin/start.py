"""The administrator's first page: what needs a hand, how much there is, what changed last."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, url_for

from feedback.domain.errors import Conflict
from feedback.extensions import db
from feedback.operations.reference import Reference
from feedback.storage.queries import categories, reference_changes, rules, units
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import change_views
from feedback.wording import _, ngettext

LATEST = 10
AUTUMN = 10  # the notice about the next year's holidays comes in the last months of a year


@dataclass(frozen=True, slots=True)
class Errand:
    """Something an administrator should look at, and where."""

    words: str
    url: str


@pages.get("")
def start() -> str:
    """What is not as it should be, and the latest changes."""
    latest = reference_changes.page(
        db.session(), kind=None, account_id=None, before=None, limit=LATEST
    )
    return render_template(
        "admin/start.html",
        errands=[*_of_routing(), *_of_units(), *_of_promises(), *_of_calendar()],
        changes=change_views(latest),
    )


def _of_routing() -> Iterator[Errand]:
    session, today = db.session(), context.today()
    dissolved = len(rules.of_dissolved_units(session, today))
    if dissolved:
        words = ngettext(
            "%(num)s routing rule names a dissolved unit.",
            "%(num)s routing rules name a dissolved unit.",
            dissolved,
        )
        yield Errand(words, url_for("admin.rules"))
    ended = len(rules.of_ended_areas(session, today))
    if ended:
        words = ngettext(
            "%(num)s routing rule names an area that has ended.",
            "%(num)s routing rules name an area that has ended.",
            ended,
        )
        yield Errand(words, url_for("admin.rules"))


def _of_units() -> Iterator[Errand]:
    existing = units.units_on(db.session(), context.today())
    headless = sum(unit.head_account_id is None for unit in existing)
    if headless:
        words = ngettext(
            "%(num)s unit has no named head.", "%(num)s units have no named head.", headless
        )
        yield Errand(words, url_for("admin.units"))
    unreachable = sum(not (unit.duty_phone or unit.duty_email) for unit in existing)
    if unreachable:
        words = ngettext(
            "%(num)s unit has no duty contact.", "%(num)s units have no duty contact.", unreachable
        )
        yield Errand(words, url_for("admin.units"))


def _of_promises() -> Iterator[Errand]:
    session, today = db.session(), context.today()
    directory = Reference(session, context.city()).directory
    for category in categories.categories_on(session, today):
        try:
            directory.level_in_force(category.service_level_code, today)
        except Conflict:
            words = _("No service level is in force for “%(name)s”.", name=category.name_vi)
            yield Errand(words, url_for("admin.category", category_id=category.id))


def _of_calendar() -> Iterator[Errand]:
    known, today = Reference(db.session(), context.city()).calendar.exceptions, context.today()
    years = [today.year] if today.month < AUTUMN else [today.year, today.year + 1]
    for year in years:
        if not any(day.year == year for day in known):
            words = _("The calendar of %(year)s holds no public holiday yet.", year=year)
            yield Errand(words, url_for("admin.calendar", year=year))
