"""`flask accounts`: who of the city's staff may sign in."""

from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.errors import DomainError, Invalid
from feedback.domain.sign_ins import OPERATOR
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations import create_account as operations
from feedback.operations.change_account import set_password
from feedback.operations.second_factor import reset_second_factor
from feedback.storage.queries import units

accounts = AppGroup("accounts", help="Accounts of staff.")
password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="At least 12 characters; asked for when not given.",
)
one_time_option = click.option(
    "--one-time", is_flag=True, help="Its owner has to replace it before doing anything else."
)


@accounts.command()
@click.argument("login")
@click.option("--name", required=True, help="The person's name, as colleagues read it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", "unit_code", help="The code of the unit, for handlers and heads.")
@password_option
@one_time_option
def create(
    login: str, *, name: str, role: str, unit_code: str | None, password: str, one_time: bool
) -> None:
    """Make an account."""
    unit = units.by_code(db.session(), unit_code) if unit_code else None
    if unit_code and unit is None:
        raise click.ClickException(f"there is no unit with the code {unit_code}")
    _told(
        lambda: operations.create_account(
            login,
            password,
            name=name,
            role=Role(role),
            unit_id=unit.id if unit else None,
            one_time=one_time,
            city=current_app.extensions["city"],
            now=datetime.now(UTC),
        )
    )
    click.echo(f"{login} may sign in now.")


@accounts.command()
@click.argument("login")
@password_option
@one_time_option
def password(login: str, password: str, one_time: bool) -> None:
    """Give an account another password; its sessions end."""
    _told(
        lambda: set_password(
            login,
            password,
            one_time=one_time,
            city=current_app.extensions["city"],
            now=datetime.now(UTC),
        )
    )
    click.echo(f"{login} has a new password; all its sessions have ended.")


@accounts.command()
@click.argument("login")
def disable(login: str) -> None:
    """Close an account; what it did stays in the history."""
    _told(
        lambda: operations.disable_account(
            login, city=current_app.extensions["city"], now=datetime.now(UTC)
        )
    )
    click.echo(f"{login} may not sign in any more.")


@accounts.command("reset-second-factor")
@click.argument("login")
def reset(login: str) -> None:
    """Take away a second factor whose phone is lost; make sure first who is asking."""
    city, now = current_app.extensions["city"], datetime.now(UTC)
    _told(lambda: reset_second_factor(login, origin=OPERATOR, city=city, now=now))
    click.echo(f"{login} has no second factor any more; all its sessions have ended.")


def _told(act: Callable[[], object]) -> None:
    """Run a use case and say in one line why it was refused."""
    try:
        act()
    except Invalid as refused:
        reasons = ", ".join(f"{field}: {code}" for field, code in refused.fields.items())
        raise click.ClickException(reasons) from refused
    except DomainError as refused:
        raise click.ClickException(refused.code) from refused
