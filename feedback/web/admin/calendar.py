"""The calendar: a year of it, its weekly hours and its days, each change looked at before made."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.calendar import Calendar, DayException, DayKind, NoWorkingTime
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.holiday_proposals import proposals
from feedback.domain.reference_changes import ReferenceKind
from feedback.extensions import db
from feedback.operations.correct_calendar import (
    WEEK,
    WEEKDAYS,
    Correction,
    correct_calendar,
    hours_words,
    preview_correction,
)
from feedback.operations.reference import working_calendar
from feedback.operations.reference_fields import Fields
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.calendar_views import day_view, days_of, kind_word, months_of, week_of
from feedback.web.admin.editing import Entered, by, found, past_of
from feedback.web.admin.hours import blocks_of
from feedback.web.admin.schemas import DayIn, NewDayIn, ProposalsIn, WeekIn
from feedback.web.forms import Form, load
from feedback.web.messages import explain
from feedback.wording import _, ngettext

YEARS = range(1975, 2201)
LONGEST_RANGE = 31
SHOWN_MOVES = 20
ONE_DAY = timedelta(days=1)

Read = Callable[[dict[str, Any]], tuple[Correction, Mapping[str, int]]]


@pages.get("/calendar")
def calendar() -> str:
    """A year: its months, the days that depart from the week, and what a package proposes."""
    return _year_page(Entered())


@pages.post("/calendar/proposals")
def send_proposals() -> ResponseReturnValue:
    """Take over proposed days that somebody has looked at."""

    def read(sent: dict[str, Any]) -> tuple[Correction, Mapping[str, int]]:
        fields, known = Fields(), _calendar()
        source = fields.line("source", sent["source"], 400)
        chosen = set(sent["days"])
        wanted = [
            one for one in proposals(_year(), known.exceptions) if one.day.isoformat() in chosen
        ]
        if not wanted:
            fields.refuse("days", "required")
        fields.raise_all()
        full = max(
            known.weekly, key=lambda blocks: sum(b.end_minute - b.start_minute for b in blocks)
        )
        days = {
            one.day: DayException(
                one.day,
                one.kind,
                full if one.kind is DayKind.SWAPPED_IN else (),
                one.name,
                source,
            )
            for one in wanted
        }
        return Correction(days=days), {}

    return _answer("proposals", ProposalsIn, read, _year_page)


@pages.get("/calendar/week")
def week() -> str:
    """The form for the weekly hours."""
    return _week_page(Entered())


@pages.post("/calendar/week")
def send_week() -> ResponseReturnValue:
    """Change the weekly hours."""

    def read(sent: dict[str, Any]) -> tuple[Correction, Mapping[str, int]]:
        problems: dict[str, str] = {}
        weekly = []
        for field in WEEKDAYS:
            try:
                weekly.append(blocks_of(sent[field], field))
            except Invalid as refused:
                problems |= refused.fields
        if not sent["note"].strip():
            problems["note"] = "required"
        if problems:
            raise Invalid(problems)
        return Correction(weekly=tuple(weekly)), {WEEK: sent["seen"]}

    return _answer("week", WeekIn, read, _week_page)


@pages.get("/calendar/days/new")
def new_day() -> str:
    """The form for one day or some days on end."""
    return _new_day_page(Entered())


@pages.post("/calendar/days/new")
def send_new_day() -> ResponseReturnValue:
    """Add one day, or some days on end."""

    def read(sent: dict[str, Any]) -> tuple[Correction, Mapping[str, int]]:
        fields = Fields()
        first, last = fields.needed("day", sent["day"]), sent["until"] or sent["day"]
        known = _calendar().exceptions
        if first and last and not 0 <= (last - first).days < LONGEST_RANGE:
            fields.refuse("until", "range_too_long" if last > first else "before_start")
        days = (
            [first + n * ONE_DAY for n in range(min((last - first).days, LONGEST_RANGE) + 1)]
            if first and last
            else []
        )
        if any(day.year not in YEARS for day in days):
            fields.refuse("day", "day_out_of_range")
        if any(day in known for day in days):
            fields.refuse("day", "day_known")
        made = _exceptions(fields, sent, days)
        return Correction(days=made), {}

    return _answer("day", NewDayIn, read, _new_day_page)


@pages.get("/calendar/days/<day>")
def calendar_day(day: str) -> str:
    """The form for a day that departs from its weekday."""
    return _day_page(_day(day), Entered())


@pages.post("/calendar/days/<day>")
def send_day(day: str) -> ResponseReturnValue:
    """Change such a day."""
    of_day = _day(day)
    found(_calendar().exceptions.get(of_day))

    def read(sent: dict[str, Any]) -> tuple[Correction, Mapping[str, int]]:
        days = _exceptions(Fields(), sent, [of_day])
        return Correction(days=days), {of_day.isoformat(): sent["seen"]}

    return _answer("day", DayIn, read, lambda e: _day_page(of_day, e))


@pages.post("/calendar/days/<day>/remove")
def remove_day(day: str) -> ResponseReturnValue:
    """Let a day follow its weekday again."""
    of_day = _day(day)
    found(_calendar().exceptions.get(of_day))

    def read(sent: dict[str, Any]) -> tuple[Correction, Mapping[str, int]]:
        return Correction(days={of_day: None}), {of_day.isoformat(): sent["seen"]}

    return _answer("remove", DayIn, read, lambda e: _day_page(of_day, e))


def _answer(
    name: str, schema: type[Form], read: Read, page: Callable[[Entered], str]
) -> ResponseReturnValue:
    """Look at what a correction would move, and make it once that was confirmed.

    `read` turns the form into the correction and the versions of what the person had seen.
    """
    entered = Entered(name, request.form)
    if "edit" in request.form:
        return page(entered)
    try:
        sent = load(schema)
        correction, seen = read(sent)
        if "confirm" not in request.form:
            return _confirm_page(correction)
        note = sent.get("note") or sent.get("source") or ""
        moved = correct_calendar(correction, seen=seen, note=note, **by())
    except Invalid as refused:
        entered.refuse(refused)
        return page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    except NoWorkingTime as refused:
        entered.errors = {"form": explain(refused)}
        return page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        entered.conflict = refused.code == "reference_changed"
        entered.errors = {} if entered.conflict else {"form": explain(refused)}
        return page(entered), HTTPStatus.CONFLICT
    words = ngettext("%(num)s deadline moved.", "%(num)s deadlines moved.", moved)
    done = _("The calendar is corrected.")
    flash(f"{done} {words}", "ok")
    first = min(correction.days, default=context.today())
    return redirect(url_for("admin.calendar", year=first.year), HTTPStatus.SEE_OTHER)


def _confirm_page(correction: Correction) -> str:
    moves = preview_correction(correction, city=context.city())
    kept = {"csrf_token", "confirm", "edit"}
    return render_template(
        "admin/calendar_confirm.html",
        count=len(moves),
        moves=[
            {"code": move.code, "before": move.before[1], "after": move.after[1]}
            for move in moves[:SHOWN_MOVES]
        ],
        days=[
            day_view(exception) if exception else {"day": day, "kind": ""}
            for day, exception in sorted(correction.days.items())
        ],
        weekly=(
            [(name, words) for _field, name, words in week_of(_with_week(correction))]
            if correction.weekly is not None
            else []
        ),
        sent=[pair for pair in request.form.items(multi=True) if pair[0] not in kept],
    )


def _with_week(correction: Correction) -> Calendar:
    known = _calendar()
    return Calendar(correction.weekly or known.weekly, {}, known.zone, known.version)


def _exceptions(
    fields: Fields, sent: dict[str, Any], days: list[date]
) -> dict[date, DayException | None]:
    """Each day with what the form says of all of them; raises Invalid with every problem."""
    name = fields.line("name", sent["name"], 200)
    source = fields.line("source", sent["source"], 400)
    kind = fields.needed("kind", sent["kind"])
    try:
        blocks = blocks_of(sent["hours"], "hours")
    except Invalid as refused:
        fields.refuse("hours", refused.fields["hours"])
        blocks = ()
    fields.raise_all()
    try:
        return {
            day: DayException(day, kind or DayKind.HOLIDAY, blocks, name, source) for day in days
        }
    except Invalid as refused:
        raise Invalid({"hours": next(iter(refused.fields.values()))}) from refused


def _year_page(entered: Entered) -> str:
    known, year = _calendar(), _year()
    return render_template(
        "admin/calendar.html",
        year=year,
        years=[one for one in (year - 1, year + 1) if one in YEARS],
        months=months_of(known, year),
        days=days_of(known, year),
        week=[(name, words) for _field, name, words in week_of(known)],
        proposals=[
            {"day": one.day, "name": one.name, "kind_word": kind_word(one.kind)}
            for one in proposals(year, known.exceptions)
        ],
        chosen=request.form.getlist("days"),
        form=entered.form("proposals", {}),
        errors=entered.errors,
        today=context.today(),
        kinds=[(kind.value, kind_word(kind)) for kind in DayKind],
    )


def _week_page(entered: Entered) -> str:
    known = week_of(_calendar())
    return render_template(
        "admin/calendar_week.html",
        weekdays=[(field, name) for field, name, _words in known],
        form=entered.form("week", {field: words for field, _name, words in known}),
        errors=entered.errors,
        past=past_of(ReferenceKind.CALENDAR, WEEK, entered),
    )


def _new_day_page(entered: Entered) -> str:
    return render_template(
        "admin/calendar_day_new.html",
        form=entered.form("day", {"day": request.args.get("day", "")}),
        errors=entered.errors,
        kinds=[(kind.value, kind_word(kind)) for kind in DayKind],
    )


def _day_page(day: date, entered: Entered) -> str:
    known: DayException = found(_calendar().exceptions.get(day))
    stored = {
        "kind": known.kind,
        "hours": hours_words(known.blocks),
        "name": known.name,
        "source": known.source,
    }
    return render_template(
        "admin/calendar_day.html",
        day=day_view(known),
        form=entered.form("day", stored),
        removal=entered.form("remove", {}),
        errors=entered.errors,
        past=past_of(ReferenceKind.CALENDAR, day.isoformat(), entered),
        kinds=[(kind.value, kind_word(kind)) for kind in DayKind],
    )


def _calendar() -> Calendar:
    return working_calendar(db.session(), context.city())


def _year() -> int:
    year = request.values.get("year", type=int)
    return year if year is not None and year in YEARS else context.today().year


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
