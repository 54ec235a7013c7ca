"""How every form of the administrator's desk is answered: kept, or the same page to be mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.reference_changes import ReferenceKind
from feedback.extensions import db
from feedback.storage.queries import reference_changes
from feedback.web import context
from feedback.web.admin.changes import ChangeView, change_views
from feedback.web.forms import Form, load
from feedback.web.messages import explain, explain_fields
from feedback.web.staff import people
from feedback.wording import _


@dataclass
class Entered:
    """A form as it is shown: what stands in its fields, and what is wrong with it.

    `name` tells which form of a page was sent; the others show what is stored. `conflict` says
    that somebody changed the thing meanwhile, `preview` what the form would do.
    """

    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    conflict: bool = False
    preview: Any = None

    def refuse(self, refused: Invalid) -> None:
        """Keep what is wrong, in sentences by field."""
        self.errors = explain_fields(refused)

    def form(self, name: str, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values for one form of the page: what was typed into it, else what is stored."""
        if self.name == name:
            return self.values
        return {key: _typed(value) for key, value in stored.items()}

    def errors_of(self, name: str) -> dict[str, str]:
        """What is wrong with one form of the page."""
        return self.errors if self.name == name else {}


@dataclass(frozen=True)
class Past:
    """What happened to one thing: its latest changes, its version, and what a conflict hides."""

    changes: list[ChangeView]
    seen: int
    meanwhile: list[ChangeView]


def past_of(kind: ReferenceKind, object_key: int | str, entered: Entered) -> Past:
    """The history of one thing for its page, told from what the person had seen on a conflict."""
    found = change_views(reference_changes.of_object(db.session(), kind, str(object_key)))
    seen = request.form.get("seen", type=int)
    meanwhile = [c for c in found if seen is not None and c.id > seen] if entered.conflict else []
    return Past(found, found[0].id if found else 0, meanwhile)


def answer(
    name: str,
    schema: type[Form],
    act: Callable[[dict[str, Any]], str],
    page: Callable[[Entered], str],
    done: str,
) -> ResponseReturnValue:
    """Read a form, do what it says and go on to the address that `act` returns, saying `done`.

    What was refused comes back on `page` with all that was typed: 422 with sentences at the
    fields, 409 with what somebody else changed meanwhile.
    """
    entered = Entered(name, request.form)
    try:
        address = act(load(schema))
    except Invalid as refused:
        entered.refuse(refused)
        return page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        entered.conflict = refused.code == "reference_changed"
        entered.errors = {} if entered.conflict else {"form": explain(refused)}
        return page(entered), HTTPStatus.CONFLICT
    flash(done, "ok")
    return redirect(address, HTTPStatus.SEE_OTHER)


def by() -> dict[str, Any]:
    """What every operation of the desk is told of its surroundings."""
    return {"actor": people.current_actor(), "city": context.city(), "now": context.now()}


def found(thing: Any) -> Any:
    """The thing an address names; 404 when there is none."""
    if thing is None:
        raise NotFound
    return thing


def yes_or_no(value: bool | None) -> str:
    """A yes or no in words; nothing when it is not known."""
    if value is None:
        return ""
    return _("yes") if value else _("no")


def _typed(value: Any) -> Any:
    """A stored value as the form's field holds it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value
