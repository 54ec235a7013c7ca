"""Service levels: what is promised, its versions, and when a report sent now would be due."""

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.calendar import NoWorkingTime
from feedback.domain.deadlines import ServiceLevelTerms, add_clock_minutes, original_due
from feedback.domain.errors import Invalid
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import Clock
from feedback.extensions import db
from feedback.operations.reference import terms_of, working_calendar
from feedback.operations.save_service_level import (
    LevelDraft,
    add_service_level_version,
    terms_of_draft,
    withdraw_service_level_version,
)
from feedback.storage.models import ServiceLevel
from feedback.storage.queries import categories as queries
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import VALUES
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import NewLevelIn, NextLevelIn, SwitchAccountIn
from feedback.web.forms import load
from feedback.web.presenting import name_of
from feedback.wording import _, ngettext

STORED = (
    *("name_vi", "name_en", "clock", "accept_minutes", "resolve_days", "resolve_minutes"),
    *("waiting_limit_minutes", "approval_needed", "evidence_needed"),
)


@pages.get("/levels")
def levels() -> str:
    """Every service level in its version of today."""
    today = context.today()
    in_force: dict[str, ServiceLevel] = {}
    for version in queries.every_level(db.session()):
        if version.valid_from <= today or version.code not in in_force:
            in_force[version.code] = version
    return render_template("admin/levels.html", levels=[_view(one) for one in in_force.values()])


@pages.get("/levels/new")
def new_level() -> str:
    """The form for a new service level."""
    return _new_page(Entered())


@pages.post("/levels/new")
def send_new_level() -> ResponseReturnValue:
    """Promise something new; with `preview` only look when a report would be due."""
    if "preview" in request.form:
        return _new_page(_previewed(NewLevelIn))

    def act(sent: dict[str, Any]) -> str:
        code, note = sent.pop("code"), sent.pop("note")
        draft = LevelDraft(**sent)
        add_service_level_version(code, draft, new=True, seen=None, note=note, **by())
        return url_for("admin.levels")

    return answer("level", NewLevelIn, act, _new_page, _("The service level is set up."))


@pages.get("/levels/<level_code>")
def level(level_code: str) -> str:
    """A level with all its versions, and the form for the next one."""
    return _page(level_code, Entered())


@pages.post("/levels/<level_code>")
def send_level(level_code: str) -> ResponseReturnValue:
    """Add the next version; with `preview` only look when a report would be due."""
    found(queries.level_versions(db.session(), level_code) or None)
    if "preview" in request.form:
        return _page(level_code, _previewed(NextLevelIn))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        draft = LevelDraft(**sent)
        add_service_level_version(level_code, draft, new=False, seen=seen, note=note, **by())
        return url_for("admin.level", level_code=level_code)

    return answer(
        "level", NextLevelIn, act, lambda e: _page(level_code, e), _("The new version is kept.")
    )


@pages.post("/levels/<level_code>/versions/<int:level_id>/withdraw")
def withdraw_level(level_code: str, level_id: int) -> ResponseReturnValue:
    """Take back a version that has not begun."""
    versions = queries.level_versions(db.session(), level_code)
    found(next((one for one in versions if one.id == level_id), None))

    def act(sent: dict[str, Any]) -> str:
        withdraw_service_level_version(level_id, seen=sent["seen"], note=sent["reason"], **by())
        return url_for("admin.level", level_code=level_code)

    done = _("The version is taken back.")
    return answer("withdraw", SwitchAccountIn, act, lambda e: _page(level_code, e), done)


def _previewed(schema: type[NewLevelIn] | type[NextLevelIn]) -> Entered:
    """The form as it was typed, with what it would promise or what is wrong with it."""
    entered = Entered("level", request.form)
    try:
        sent = load(schema)
        terms = terms_of_draft(LevelDraft(**{n: sent[n] for n in (*STORED, "valid_from")}))
        entered.preview = _promise(terms)
    except Invalid as refused:
        entered.refuse(refused)
    return entered


def _new_page(entered: Entered) -> str:
    stored = {
        "valid_from": context.today(),
        "evidence_needed": True,
        "clock": Clock.WORKING,
    }
    return render_template(
        "admin/level_new.html",
        form=entered.form("level", stored),
        errors=entered.errors,
        preview=entered.preview,
        clocks=_clocks(),
    )


def _page(code: str, entered: Entered) -> str:
    versions = found(queries.level_versions(db.session(), code) or None)
    latest, today = versions[-1], context.today()
    stored = {name: getattr(latest, name) for name in STORED} | {"valid_from": today}
    begun = [one for one in versions if one.valid_from <= today]
    return render_template(
        "admin/level.html",
        level={"code": code, "name": name_of(begun[-1] if begun else latest)},
        versions=[
            {
                **_view(one),
                "withdrawable": one.valid_from > today and len(versions) > 1,
                "in_force": bool(begun) and one.id == begun[-1].id,
            }
            for one in reversed(versions)
        ],
        form=entered.form("level", stored),
        errors=entered.errors,
        preview=entered.preview,
        past=past_of(ReferenceKind.SERVICE_LEVEL, code, entered),
        clocks=_clocks(),
    )


def _view(level: ServiceLevel) -> dict[str, Any]:
    return {
        "id": level.id,
        "code": level.code,
        "name": name_of(level),
        "clock": str(VALUES["clock", level.clock.value]),
        "accept": minutes_words(level.accept_minutes),
        "resolve": _resolve_words(terms_of(level)),
        "waiting": minutes_words(level.waiting_limit_minutes),
        "approval_needed": level.approval_needed,
        "evidence_needed": level.evidence_needed,
        "valid_from": level.valid_from,
        "promise": _promise(terms_of(level)),
    }


def _promise(terms: ServiceLevelTerms) -> dict[str, datetime] | None:
    """By when a report sent now would be accepted and due; None where no calendar tells."""
    calendar, now = working_calendar(db.session(), context.city()), context.now()
    try:
        return {
            "accept": add_clock_minutes(terms.clock, calendar, now, terms.accept_minutes),
            "due": original_due(terms, calendar, now),
        }
    except NoWorkingTime:
        return None


def minutes_words(minutes: int) -> str:
    """A length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        words.append(ngettext("%(num)s minute", "%(num)s minutes", rest))
    return " ".join(words)


def _resolve_words(terms: ServiceLevelTerms) -> str:
    if terms.resolve_days is not None:
        return ngettext("%(num)s working day", "%(num)s working days", terms.resolve_days)
    return minutes_words(terms.resolve_minutes or 0)


def _clocks() -> list[tuple[str, str]]:
    return [(clock.value, str(VALUES["clock", clock.value])) for clock in Clock]
