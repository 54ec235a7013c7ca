"""Accounts of staff: the list, a new one, and the page on which one is kept."""

from http import HTTPStatus
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.change_account import (
    AccountDraft,
    change_account,
    one_time_password,
    set_active,
    set_one_time_password,
)
from feedback.operations.create_account import create_account
from feedback.storage.models import Account
from feedback.storage.queries import accounts as queries
from feedback.storage.queries import sign_ins, units
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import VALUES
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangedAccountIn, NewAccountIn, SwitchAccountIn
from feedback.web.forms import as_key, load, searched
from feedback.web.messages import explain_fields
from feedback.web.presenting import unit_name
from feedback.web.staff import people
from feedback.wording import _


@pages.get("/accounts")
def accounts() -> str:
    """The accounts that may sign in, or those that are closed."""
    closed = request.args.get("show") == "closed"
    filters = {
        "words": searched(),
        "role": request.args.get("role", type=Role),
        "unit_id": request.args.get("unit", type=as_key),
    }
    shown = queries.listed(db.session(), active=not closed, **filters)  # type: ignore[arg-type]
    return render_template(
        "admin/accounts.html",
        accounts=[_line(account) for account in shown],
        filters=filters,
        closed=closed,
        roles=_roles(),
        units=_units(),
    )


@pages.get("/accounts/new")
def new_account() -> str:
    """The form for a new account."""
    return _new_page(Entered("account", {"unit_id": request.args.get("unit", type=as_key)}))


@pages.post("/accounts/new")
def send_new_account() -> ResponseReturnValue:
    """Make an account, and show its first password, this once."""
    entered = Entered("account", request.form)
    password = one_time_password()
    try:
        surroundings = by()
        account_id = create_account(
            **load(NewAccountIn),
            password=password,
            one_time=True,
            by=surroundings["actor"],
            city=surroundings["city"],
            now=surroundings["now"],
        )
    except Invalid as refused:
        entered.errors = explain_fields(refused)
        return _new_page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    return _password_page(account_id, password)


@pages.get("/accounts/<int:account_id>")
def account(account_id: int) -> str:
    """What is known of an account, to be read and changed."""
    return _page(account_id, Entered())


@pages.post("/accounts/<int:account_id>")
def send_account(account_id: int) -> ResponseReturnValue:
    """Change an account's name, address, role or unit."""
    found(queries.by_id(db.session(), account_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_account(account_id, AccountDraft(**sent), seen=seen, note=note, **by())
        return url_for("admin.account", account_id=account_id)

    done = _("The changes are kept.")
    return answer("account", ChangedAccountIn, act, lambda e: _page(account_id, e), done)


@pages.post("/accounts/<int:account_id>/close")
def close_account(account_id: int) -> ResponseReturnValue:
    """Stop an account from signing in, and end its sessions."""
    return _switch(account_id, active=False, done=_("The account is closed; its sessions ended."))


@pages.post("/accounts/<int:account_id>/open")
def open_account(account_id: int) -> ResponseReturnValue:
    """Let a closed account sign in again."""
    return _switch(account_id, active=True, done=_("The account may sign in again."))


@pages.post("/accounts/<int:account_id>/password")
def new_password(account_id: int) -> ResponseReturnValue:
    """Give an account a new password, and show it, this once."""
    found(queries.by_id(db.session(), account_id))
    return _password_page(account_id, set_one_time_password(account_id, **by()))


def _switch(account_id: int, *, active: bool, done: str) -> ResponseReturnValue:
    found(queries.by_id(db.session(), account_id))

    def act(sent: dict[str, Any]) -> str:
        set_active(account_id, active, seen=sent["seen"], note=sent["reason"], **by())
        return url_for("admin.account", account_id=account_id)

    return answer("switch", SwitchAccountIn, act, lambda e: _page(account_id, e), done)


def _new_page(entered: Entered) -> str:
    return render_template(
        "admin/account_new.html",
        form=entered.form("account", {}),
        errors=entered.errors,
        roles=_roles(),
        units=_units(),
    )


def _password_page(account_id: int, password: str) -> str:
    one: Account = found(queries.by_id(db.session(), account_id))
    return render_template("admin/password.html", account=_line(one), password=password)


def _page(account_id: int, entered: Entered) -> str:
    one: Account = found(queries.by_id(db.session(), account_id))
    stored = {
        "name": one.name,
        "email": one.email or "",
        "role": one.role,
        "unit_id": one.unit_id,
    }
    return render_template(
        "admin/account.html",
        account={
            **_line(one),
            "own": one.id == people.current().account_id,
            "password_given": one.password_given,
            "has_second_factor": sign_ins.has_second_factor(db.session(), one.id),
        },
        form=entered.form("account", stored),
        switch=entered.form("switch", {}),
        errors=entered.errors,
        past=past_of(ReferenceKind.ACCOUNT, one.id, entered),
        roles=_roles(),
        units=_units(),
    )


def _line(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "email": account.email or "",
        "role": str(VALUES["role", account.role.value]),
        "unit": unit_name(account.unit),
        "active": account.active,
        "last_login_at": account.last_login_at,
        "created_at": account.created_at,
    }


def _roles() -> list[tuple[str, str]]:
    return [(role.value, str(VALUES["role", role.value])) for role in Role]


def _units() -> list[tuple[int, str]]:
    return [(u.id, unit_name(u)) for u in units.units_on(db.session(), context.today())]
