"""Units: the list, a new one, and the page on which one is kept."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import Role, UnitKind
from feedback.domain.validity import in_force
from feedback.extensions import db
from feedback.operations.dissolve_unit import dissolve_unit, move_rules
from feedback.operations.save_unit import UnitDraft, change_unit, create_unit
from feedback.storage.models import Unit
from feedback.storage.queries import accounts, rules
from feedback.storage.queries import units as queries
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import VALUES
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangedUnitIn, DissolveIn, NewUnitIn, ReasonIn
from feedback.web.forms import searched
from feedback.web.presenting import unit_name
from feedback.wording import _


@pages.get("/units")
def units() -> str:
    """The units there are, or those there were."""
    session, today = db.session(), context.today()
    words, ended = searched(), request.args.get("show") == "ended"
    kind = request.args.get("kind", type=UnitKind)
    shown = queries.listed(session, today, words=words, kind=kind, ended=ended)
    heads = accounts.names(session, [u.head_account_id for u in shown if u.head_account_id])
    return render_template(
        "admin/units.html",
        units=[_line(unit, heads) for unit in shown],
        words=words,
        kind=kind.value if kind else "",
        ended=ended,
        kinds=_kinds(),
    )


@pages.get("/units/new")
def new_unit() -> str:
    """The form for a new unit."""
    return _new_page(Entered())


@pages.post("/units/new")
def send_new_unit() -> ResponseReturnValue:
    """Set up a unit."""

    def act(sent: dict[str, Any]) -> str:
        code, note = sent.pop("code"), sent.pop("note")
        unit_id = create_unit(code, UnitDraft(**sent), note=note, **by())
        return url_for("admin.unit", unit_id=unit_id)

    return answer("unit", NewUnitIn, act, _new_page, _("The unit is set up."))


@pages.get("/units/<int:unit_id>")
def unit(unit_id: int) -> str:
    """What is known of a unit, to be read and changed."""
    return _page(unit_id, Entered())


@pages.post("/units/<int:unit_id>")
def send_unit(unit_id: int) -> ResponseReturnValue:
    """Change what is known of a unit."""
    found(queries.by_id(db.session(), unit_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_unit(unit_id, UnitDraft(**sent), seen=seen, note=note, **by())
        return url_for("admin.unit", unit_id=unit_id)

    return answer(
        "unit", ChangedUnitIn, act, lambda e: _page(unit_id, e), _("The changes are kept.")
    )


@pages.post("/units/<int:unit_id>/dissolve")
def send_dissolution(unit_id: int) -> ResponseReturnValue:
    """Dissolve a unit into its successor."""
    found(queries.by_id(db.session(), unit_id))

    def act(sent: dict[str, Any]) -> str:
        dissolve_unit(
            unit_id,
            sent["last_day"],
            sent["successor_id"],
            seen=sent["seen"],
            note=sent["reason"],
            **by(),
        )
        return url_for("admin.unit", unit_id=unit_id)

    done = _("The unit is dissolved. Look at its routing rules.")
    return answer("dissolve", DissolveIn, act, lambda e: _page(unit_id, e), done)


@pages.post("/units/<int:unit_id>/move-rules")
def send_move_of_rules(unit_id: int) -> ResponseReturnValue:
    """Let the successor take over all routing rules of a dissolved unit."""
    found(queries.by_id(db.session(), unit_id))

    def act(sent: dict[str, Any]) -> str:
        move_rules(unit_id, note=sent["reason"], **by())
        return url_for("admin.unit", unit_id=unit_id)

    done = _("The rules name the successor now.")
    return answer("move", ReasonIn, act, lambda e: _page(unit_id, e), done)


def _new_page(entered: Entered) -> str:
    stored = {"valid_from": context.today()}
    return render_template(
        "admin/unit_new.html",
        form=entered.form("unit", stored),
        errors=entered.errors,
        kinds=_kinds(),
    )


def _page(unit_id: int, entered: Entered) -> str:
    session = db.session()
    one: Unit = found(queries.by_id(session, unit_id))
    stored = {
        name: getattr(one, name)
        for name in ("name", "short_name", "name_en", "kind", "valid_from", "valid_to")
    } | {
        name: getattr(one, name)
        for name in ("head_account_id", "duty_phone", "duty_email", "duty_note")
    }
    people = accounts.of_unit(session, one.id)
    return render_template(
        "admin/unit.html",
        unit={"id": one.id, "code": one.code, "name": unit_name(one), **_standing(one)},
        form=entered.form("unit", stored),
        dissolve=entered.form("dissolve", {"successor_id": one.successor_id}),
        move=entered.form("move", {}),
        broken=len(rules.outliving_unit(session, one, context.today())),
        successor=unit_name(queries.by_id(session, one.successor_id or 0)),
        successors=[
            (u.id, unit_name(u)) for u in queries.units_on(session, context.today()) if u is not one
        ],
        errors=entered.errors,
        past=past_of(ReferenceKind.UNIT, one.id, entered),
        kinds=_kinds(),
        heads=[(a.id, a.name) for a in people if a.role is Role.HEAD],
        people=[
            {"id": a.id, "name": a.name, "role": str(VALUES["role", a.role.value])} for a in people
        ],
    )


def _line(unit: Unit, heads: dict[int, str]) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "name": unit_name(unit),
        "short_name": unit.short_name,
        "kind": str(VALUES["unit_kind", unit.kind.value]),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "head": heads.get(unit.head_account_id or 0, ""),
        "reachable": bool(unit.duty_phone or unit.duty_email),
        **_standing(unit),
    }


def _standing(unit: Unit) -> dict[str, Any]:
    today = context.today()
    return {
        "exists": in_force(unit.valid_from, unit.valid_to, today),
        "over": unit.valid_to is not None and unit.valid_to < today,
    }


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(VALUES["unit_kind", kind.value])) for kind in UnitKind]
