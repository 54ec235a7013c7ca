"""`flask --app wsgi outbox`: work that was given up, and how to try it again."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.errors import DomainError
from feedback.extensions import db
from feedback.operations.replay_dead_letter import replay_dead_letter
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
@click.argument("row_id", type=int)
def replay(row_id: int) -> None:
    """Try the work of one row again, with all its attempts before it."""
    try:
        replay_dead_letter(row_id, city=current_app.extensions["city"], now=datetime.now(UTC))
    except DomainError as refusal:
        raise click.ClickException(f"row {row_id}: {refusal.code.replace('_', ' ')}") from refusal
    click.echo(f"Row {row_id} is due again.")
