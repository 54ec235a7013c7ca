"""Areas: the list, and a new division from a file, looked at before it is taken over."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.area_files import FeatureProblem
from feedback.domain.errors import Invalid, NotFound
from feedback.domain.validity import in_force
from feedback.extensions import db
from feedback.operations.draft_areas import (
    MAX_BYTES,
    discard_areas,
    look_at_areas,
    send_areas,
    take_over_areas,
)
from feedback.storage.models import Area
from feedback.storage.queries import places, rules
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.editing import Entered, by
from feedback.web.admin.schemas import AreasIn
from feedback.web.forms import load, sent_files
from feedback.web.messages import sentence
from feedback.web.presenting import area_name
from feedback.web.staff import people
from feedback.wording import _, ngettext

SHOWN_PROBLEMS = 50


@pages.get("/areas")
def areas() -> str:
    """The areas in force, or those that have ended."""
    session, today = db.session(), context.today()
    ended = request.args.get("show") == "ended"
    return render_template(
        "admin/areas.html",
        areas=[_line(area) for area in places.listed(session, today, ended=ended)],
        ended=ended,
        rules_left=len(rules.of_ended_areas(session, today)),
        draft=places.draft_of(session, people.current().account_id),
    )


@pages.get("/areas/import")
def import_page() -> str:
    """The form that sends a file."""
    return _page(Entered())


@pages.post("/areas/import")
def send_file() -> ResponseReturnValue:
    """Keep a file and show what it would do."""
    entered = Entered("areas", request.form)
    files = sent_files("file")
    try:
        content = files[0].stream.read(MAX_BYTES + 1) if files else b""
        name = (files[0].filename or "") if files else ""
        send_areas(content, name, **load(AreasIn), **by())
    except Invalid as refused:
        problems: Iterable[FeatureProblem] = refused.params.get("problems", ())
        entered.refuse(refused)
        entered.preview = [_problem_words(one) for one in problems]
        return _page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("admin.look_at_file"), HTTPStatus.SEE_OTHER)


@pages.get("/areas/import/check")
def look_at_file() -> ResponseReturnValue:
    """What the file that was sent would do."""
    session = db.session()
    draft = places.draft_of(session, people.current().account_id)
    if draft is None:
        return redirect(url_for("admin.import_page"))
    shown = {
        "file_name": draft.file_name,
        "valid_from": draft.valid_from,
        "approximate": draft.approximate,
        "source": draft.source,
        "sent_at": draft.sent_at,
    }
    try:
        plan = look_at_areas(**by())
    except Invalid as refused:
        return _page(_refusal(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("admin/areas_check.html", draft=shown, plan=plan)


@pages.post("/areas/import/take-over")
def take_over_file() -> ResponseReturnValue:
    """Take the file over as the city's division."""
    try:
        plan = take_over_areas(**by())
    except NotFound:
        return redirect(url_for("admin.import_page"), HTTPStatus.SEE_OTHER)
    except Invalid as refused:
        return _page(_refusal(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    words = ngettext("%(num)s area added", "%(num)s areas added", len(plan.added))
    more = _(
        "%(changed)s changed, %(ended)s ended.", changed=len(plan.changed), ended=len(plan.ended)
    )
    flash(f"{words}, {more}", "ok")
    return redirect(url_for("admin.areas"), HTTPStatus.SEE_OTHER)


@pages.post("/areas/import/discard")
def discard_file() -> ResponseReturnValue:
    """Forget the file."""
    surroundings = by()
    discard_areas(actor=surroundings["actor"], city=surroundings["city"])
    flash(_("The file is forgotten; nothing was changed."), "ok")
    return redirect(url_for("admin.areas"), HTTPStatus.SEE_OTHER)


def _refusal(refused: Invalid) -> Entered:
    entered = Entered("areas")
    entered.refuse(refused)
    return entered


def _page(entered: Entered) -> str:
    return render_template(
        "admin/areas_import.html",
        form=entered.form("areas", {"valid_from": context.today()}),
        errors=entered.errors,
        problems_of_file=(entered.preview or [])[:SHOWN_PROBLEMS],
        problem_count=len(entered.preview or []),
    )


def _problem_words(problem: FeatureProblem) -> str:
    """One bad feature in words; people count from 1."""
    why = sentence(f"area_{problem.reason}")
    return _("Feature %(number)s: %(why)s", number=problem.index + 1, why=why)


def _line(area: Area) -> dict[str, Any]:
    today = context.today()
    return {
        "code": area.official_code,
        "name": area_name(area),
        "kind": area.kind,
        "approximate": area.approximate,
        "source": area.source,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "exists": in_force(area.valid_from, area.valid_to, today),
        "over": area.valid_to is not None and area.valid_to < today,
    }
