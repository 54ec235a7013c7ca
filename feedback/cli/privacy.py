"""`flask --app wsgi privacy`: keys, and the data of one person."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.operations import rotate_keys as operations
from feedback.storage.sealing import CannotOpen

commands = AppGroup("privacy", help="Personal data: keys, erasure, export.")


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything anew under the newest key of SEALING_KEYS.

    May be broken off and called again. When it says that all is done, the older keys are needed by
    backups only.
    """
    city, now = current_app.extensions["city"], datetime.now(UTC)
    try:
        for done, total in operations.rotate_keys(city=city, now=now):
            click.echo(f"{done} of {total} values sealed with the newest key")
    except CannotOpen as error:
        raise click.ClickException(
            f"a value cannot be opened: {error}. Add the key it was sealed with to SEALING_KEYS."
        ) from error
    click.echo("Done: nothing is sealed with an older key.")
