"""`flask --app wsgi outbox`: work that was given up, and how to try it again."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.errors import DomainError
from feedback.extensions import db
from feedback.operations.replay_dead_letter import replay_dead_letter, replay_dead_letters
from feedback.storage.queries import outbox

commands = AppGroup("outbox", help="Work that was given up.")


@commands.command("list-dead")
def list_dead() -> None:
    """List the work that was given up, with its last error."""
    for row in outbox.dead(db.session()):
        error = (row.last_error.splitlines() or [""])[0]
        click.echo(
            f"{row.id}  {row.subscription}  {row.created_at:%Y-%m-%d %H:%M} UTC  "
            f"{row.attempt} attempts  {error}"
        )


@commands.command("replay")
@click.argument("row_id", type=int, required=False)
@click.option("--all-of", "subscription", help="All that was given up of this kind of work.")
@click.option("--yes", is_flag=True, help="Do not ask whether that many are meant.")
def replay(row_id: int | None, subscription: str | None, *, yes: bool) -> None:
    """Try the work of one row again, or all of one kind, with all its attempts before it."""
    if (row_id is None) == (subscription is None):
        raise click.UsageError("name one row, or a kind of work with --all-of")
    if subscription is not None:
        _replay_all(subscription, yes=yes)
    elif row_id is not None:
        _replay_one(row_id)


def _replay_all(subscription: str, *, yes: bool) -> None:
    count = outbox.count_dead(db.session(), subscription)
    db.session.rollback()
    if count and not yes:
        click.confirm(f"Try {count} dead letters of {subscription} again?", abort=True)
    city = current_app.extensions["city"]
    try:
        done = replay_dead_letters(subscription, city=city, now=datetime.now(UTC))
    except DomainError as refusal:
        raise click.ClickException(f"there is no work called {subscription}") from refusal
    click.echo(f"{done} rows of {subscription} are due again.")


def _replay_one(row_id: int) -> None:
    try:
        replay_dead_letter(row_id, city=current_app.extensions["city"], now=datetime.now(UTC))
    except DomainError as refusal:
        raise click.ClickException(f"row {row_id}: {refusal.code.replace('_', ' ')}") from refusal
    click.echo(f"Row {row_id} is due again.")
