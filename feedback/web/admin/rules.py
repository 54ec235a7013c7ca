"""Routing rules: the list, a new one, its end, and which rule would win somewhere."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.validity import in_force
from feedback.extensions import db
from feedback.operations.save_rule import RuleDraft, create_rule, end_rule
from feedback.storage.models import RoutingRule
from feedback.storage.queries import categories, places, units
from feedback.storage.queries import rules as queries
from feedback.storage.queries.rules import WantedRules
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.rule_test import result_of
from feedback.web.admin.schemas import EndRuleIn, RuleIn
from feedback.web.forms import as_key
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.wording import _

PAGE_SIZE = 100
FILTERS = {
    "unit": "unit_id",
    "category": "category_id",
    "group": "category_group_id",
    "area": "area_id",
}
TEST_FIELDS = ("test_category", "test_area", "test_point", "test_day")


@pages.get("/rules")
def rules() -> str:
    """The rules that count or will, or those that have ended."""
    session, today = db.session(), context.today()
    given = {column: request.args.get(name, type=as_key) for name, column in FILTERS.items()}
    ended = request.args.get("show") == "ended"
    after = request.args.get("after", type=as_key)
    rows = queries.page(
        session, WantedRules(**given), today, ended=ended, after=after, limit=PAGE_SIZE + 1
    )
    shown, names = rows[:PAGE_SIZE], _Names()
    broken = {rule.id for rule in queries.of_dissolved_units(session, today)}
    lost = {rule.id for rule in queries.of_ended_areas(session, today)}
    address: dict[str, Any] = {"show": "ended" if ended else None}
    address |= {name: given[column] for name, column in FILTERS.items()}
    return render_template(
        "admin/rules.html",
        rules=[
            {**names.line(rule), "broken": rule.id in broken, "area_over": rule.id in lost}
            for rule in shown
        ],
        broken=[names.line(rule) for rule in queries.of_dissolved_units(session, today)],
        given=given,
        ended=ended,
        tested=result_of(names.line) if "test" in request.args else None,
        test={name: request.args.get(name, "") for name in TEST_FIELDS},
        today=today,
        first_url=url_for("admin.rules", **address) if after else None,
        next_url=(
            url_for("admin.rules", **address, after=shown[-1].id) if len(rows) > PAGE_SIZE else None
        ),
        **_choices(),
    )


@pages.get("/rules/new")
def new_rule() -> str:
    """The form for a new rule."""
    return _new_page(Entered())


@pages.post("/rules/new")
def send_new_rule() -> ResponseReturnValue:
    """Make a rule."""

    def act(sent: dict[str, Any]) -> str:
        rule_id = create_rule(RuleDraft(**sent), **by())
        return url_for("admin.rule", rule_id=rule_id)

    done = _("The rule is made. It counts from the next report on.")
    return answer("rule", RuleIn, act, _new_page, done)


@pages.get("/rules/<int:rule_id>")
def rule(rule_id: int) -> str:
    """A rule, and the form that ends it."""
    return _page(rule_id, Entered())


@pages.post("/rules/<int:rule_id>/end")
def send_end_of_rule(rule_id: int) -> ResponseReturnValue:
    """End a rule on a day, or take back one that has not begun."""
    found(queries.by_id(db.session(), rule_id))

    def act(sent: dict[str, Any]) -> str:
        day, seen, reason = sent["last_day"], sent["seen"], sent["reason"]
        end_rule(rule_id, day, seen=seen, note=reason, **by())
        kept = queries.by_id(db.session(), rule_id)
        return url_for("admin.rule", rule_id=rule_id) if kept else url_for("admin.rules")

    done = _("The changes are kept.")
    return answer("end", EndRuleIn, act, lambda e: _page(rule_id, e), done)


def _new_page(entered: Entered) -> str:
    stored = {
        "valid_from": context.today(),
        "unit_id": request.args.get("unit", type=as_key),
        "category_id": request.args.get("category", type=as_key),
        "area_id": request.args.get("area", type=as_key),
    }
    return render_template(
        "admin/rule_new.html",
        form=entered.form("rule", stored),
        errors=entered.errors,
        **_choices(),
    )


def _page(rule_id: int, entered: Entered) -> str:
    one: RoutingRule = found(queries.by_id(db.session(), rule_id))
    return render_template(
        "admin/rule.html",
        rule={**_Names().line(one), "note": one.note},
        form=entered.form("end", {"last_day": one.valid_to or context.today()}),
        errors=entered.errors,
        past=past_of(ReferenceKind.ROUTING_RULE, one.id, entered),
    )


def _choices() -> dict[str, Any]:
    session, today = db.session(), context.today()
    return {
        "units": [(u.id, unit_name(u)) for u in units.units_on(session, today)],
        "categories": [(c.id, name_of(c)) for c in categories.categories_on(session, today)],
        "groups": [(g.id, name_of(g)) for g in categories.groups(session)],
        "areas": [(a.id, area_name(a)) for a in places.names_on(session, today)],
    }


class _Names:
    """The names of everything a rule can speak of, read once for a page."""

    def __init__(self) -> None:
        session = db.session()
        self._units = {u.id: u for u in units.every_name(session)}
        self._categories = {c.id: name_of(c) for c in categories.every_category(session)}
        self._groups = {g.id: name_of(g) for g in categories.groups(session)}
        self._areas = {a.id: area_name(a) for a in places.every_name(session)}

    def line(self, rule: RoutingRule) -> dict[str, Any]:
        """A rule in words."""
        today: date = context.today()
        unit = self._units[rule.unit_id]
        return {
            "id": rule.id,
            "category": self._categories.get(rule.category_id or 0, ""),
            "group": self._groups.get(rule.category_group_id or 0, ""),
            "area": self._areas.get(rule.area_id or 0, ""),
            "unit": unit_name(unit),
            "unit_id": unit.id,
            "unit_valid_to": unit.valid_to,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
            "exists": in_force(rule.valid_from, rule.valid_to, today),
            "over": rule.valid_to is not None and rule.valid_to < today,
        }
