"""Categories and their groups: the list, and the pages on which they are kept."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import VisibilityPolicy
from feedback.domain.validity import in_force
from feedback.extensions import db
from feedback.operations.save_category import (
    CategoryDraft,
    GroupDraft,
    change_category,
    create_category,
    save_group,
)
from feedback.storage.models import Category, CategoryGroup
from feedback.storage.queries import categories as queries
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import VALUES
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangedCategoryIn, ChangedGroupIn, GroupIn, NewCategoryIn
from feedback.web.forms import as_key
from feedback.web.presenting import name_of
from feedback.wording import _

STORED = (
    *("name_vi", "name_en", "group_id", "service_level_code", "visibility_policy", "rounds_point"),
    *("retention_days", "keywords", "position", "valid_from", "valid_to"),
)


@pages.get("/categories")
def categories() -> str:
    """Every group with its categories, in the order citizens see them."""
    session = db.session()
    ended = request.args.get("show") == "ended"
    levels = _level_names()
    rows = [c for c in queries.every_category(session) if _standing(c)["over"] is ended]
    return render_template(
        "admin/categories.html",
        groups=[
            {
                "id": group.id,
                "name": name_of(group),
                "categories": [_line(c, levels) for c in rows if c.group_id == group.id],
            }
            for group in queries.groups(session)
        ],
        ended=ended,
        count=len(rows),
    )


@pages.get("/categories/new")
def new_category() -> str:
    """The form for a new category."""
    return _new_page(Entered())


@pages.post("/categories/new")
def send_new_category() -> ResponseReturnValue:
    """Open a category to reports."""

    def act(sent: dict[str, Any]) -> str:
        code, note = sent.pop("code"), sent.pop("note")
        category_id = create_category(code, CategoryDraft(**sent), note=note, **by())
        return url_for("admin.category", category_id=category_id)

    return answer("category", NewCategoryIn, act, _new_page, _("The category is set up."))


@pages.get("/categories/<int:category_id>")
def category(category_id: int) -> str:
    """What is known of a category, to be read and changed."""
    return _page(category_id, Entered())


@pages.post("/categories/<int:category_id>")
def send_category(category_id: int) -> ResponseReturnValue:
    """Change a category for the reports to come."""
    found(queries.category(db.session(), category_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_category(category_id, CategoryDraft(**sent), seen=seen, note=note, **by())
        return url_for("admin.category", category_id=category_id)

    done = _("The changes are kept.")
    return answer("category", ChangedCategoryIn, act, lambda e: _page(category_id, e), done)


@pages.get("/categories/groups/new")
def new_group() -> str:
    """The form for a new group."""
    return _group_page(None, Entered())


@pages.post("/categories/groups/new")
def send_new_group() -> ResponseReturnValue:
    """Make a group."""

    def act(sent: dict[str, Any]) -> str:
        code, note = sent.pop("code"), sent.pop("note")
        save_group(None, code, GroupDraft(**sent), seen=None, note=note, **by())
        return url_for("admin.categories")

    return answer("group", GroupIn, act, lambda e: _group_page(None, e), _("The group is set up."))


@pages.get("/categories/groups/<int:group_id>")
def group(group_id: int) -> str:
    """What is known of a group, to be read and changed."""
    return _group_page(group_id, Entered())


@pages.post("/categories/groups/<int:group_id>")
def send_group(group_id: int) -> ResponseReturnValue:
    """Change a group."""
    found(queries.group(db.session(), group_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note, code = sent.pop("seen"), sent.pop("note"), sent.pop("code")
        save_group(group_id, code, GroupDraft(**sent), seen=seen, note=note, **by())
        return url_for("admin.group", group_id=group_id)

    done = _("The changes are kept.")
    return answer("group", ChangedGroupIn, act, lambda e: _group_page(group_id, e), done)


def _choices() -> dict[str, Any]:
    return {
        "groups": [(g.id, name_of(g)) for g in queries.groups(db.session())],
        "levels": list(_level_names().items()),
        "policies": [
            (p.value, str(VALUES["visibility_policy", p.value])) for p in VisibilityPolicy
        ],
    }


def _new_page(entered: Entered) -> str:
    group_id = request.args.get("group", type=as_key)
    stored = {"valid_from": context.today(), "group_id": group_id}
    form = entered.form("category", stored)
    return render_template(
        "admin/category_new.html", form=form, errors=entered.errors, **_choices()
    )


def _page(category_id: int, entered: Entered) -> str:
    one: Category = found(queries.category(db.session(), category_id))
    stored = {name: getattr(one, name) for name in STORED}
    return render_template(
        "admin/category.html",
        category={"id": one.id, "code": one.code, "name": name_of(one), **_standing(one)},
        form=entered.form("category", stored),
        errors=entered.errors,
        past=past_of(ReferenceKind.CATEGORY, one.id, entered),
        **_choices(),
    )


def _group_page(group_id: int | None, entered: Entered) -> str:
    one: CategoryGroup | None = found(queries.group(db.session(), group_id)) if group_id else None
    stored = (
        {name: getattr(one, name) for name in ("name_vi", "name_en", "position")} if one else {}
    )
    return render_template(
        "admin/group.html",
        group={"id": one.id, "code": one.code, "name": name_of(one)} if one else None,
        form=entered.form("group", stored),
        errors=entered.errors,
        past=past_of(ReferenceKind.CATEGORY_GROUP, group_id or "", entered),
    )


def _line(category: Category, levels: dict[str, str]) -> dict[str, Any]:
    policy = category.visibility_policy.value
    return {
        "id": category.id,
        "code": category.code,
        "name": name_of(category),
        "level": levels.get(category.service_level_code, category.service_level_code),
        "policy": str(VALUES["visibility_policy", policy]),
        "valid_from": category.valid_from,
        "valid_to": category.valid_to,
        **_standing(category),
    }


def _standing(category: Category) -> dict[str, bool]:
    today = context.today()
    return {
        "exists": in_force(category.valid_from, category.valid_to, today),
        "over": category.valid_to is not None and category.valid_to < today,
    }


def _level_names() -> dict[str, str]:
    """The name of the latest version of each service level, by its code."""
    return {level.code: name_of(level) for level in queries.every_level(db.session())}
