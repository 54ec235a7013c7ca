"""`flask demo`: the demo city, to try the product with."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.demo.load import REPORTS, SEED, load_city
from feedback.demo.logins import PASSWORD
from feedback.demo.side_by_side import shares_for
from feedback.domain.errors import Conflict
from feedback.operations.transaction import reading
from feedback.storage.models import Account
from feedback.storage.queries import accounts

demo = AppGroup("demo", help="The demo city.")


@demo.command()
@click.option("--seed", default=SEED, show_default=True, help="Another number, another city.")
@click.option("--reports", default=REPORTS, show_default=True, type=click.IntRange(0, 20_000))
@click.option("--now", default="", help="The moment the city is at, in ISO form; else this one.")
def load(seed: int, reports: int, now: str) -> None:
    """Fill an empty database with the demo city; not in production, its password is public."""
    if current_app.extensions["settings"].environment == "production":
        raise click.ClickException("The demo city is not for production: its password is public")
    try:
        loaded = load_city(
            current_app.extensions["city"],
            seed=seed,
            reports=reports,
            now=_moment(now),
            shares=shares_for(reports),
        )
    except Conflict as refusal:
        raise click.ClickException(
            "The database is in use: the demo needs an empty one"
        ) from refusal
    click.echo(
        f"The demo city is loaded: {loaded.reports} reports, {loaded.ratings} ratings, "
        f"{loaded.photos} photos. `flask demo accounts` lists who may log in."
    )


@demo.command("accounts")
def list_accounts() -> None:
    """List who may log in to the demo city; all have the same password."""
    with reading() as session:
        lines = [
            f"{account.login:32} {account.role.value:14} {_unit_name(account)}"
            for account in accounts.all_active(session)
        ]
    click.echo("\n".join([*lines, f"Password of them all: {PASSWORD}"]))


def _unit_name(account: Account) -> str:
    return account.unit.name if account.unit else ""


def _moment(text: str) -> datetime:
    """The moment in a text, this one for none. Raises BadParameter for what is no aware moment."""
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not an ISO moment", param_hint="--now") from error
    if moment.tzinfo is None:
        raise click.BadParameter("it needs a time zone, like +07:00", param_hint="--now")
    return moment.astimezone(UTC)
