"""`flask --app wsgi privacy`: keys, and the data of one person."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.actors import SYSTEM
from feedback.domain.errors import DomainError, Invalid
from feedback.operations import rotate_keys as operations
from feedback.operations.apply_retention import apply_retention
from feedback.operations.export_person import export_person
from feedback.operations.persons import OpenReports, erase_person
from feedback.storage.sealing import CannotOpen

commands = AppGroup("privacy", help="Personal data: keys, erasure, export.")
T = TypeVar("T")
by_email = click.option("--email", help="The e-mail address the person gave.")
by_phone = click.option("--phone", help="The telephone number the person gave.")
why = click.option("--reason", required=True, help="Why; stands in the privacy record.")


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


@commands.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@by_email
@by_phone
@why
def export(file: Path, email: str | None, phone: str | None, reason: str) -> None:
    """Write all data of one person into a ZIP file that only its owner can read."""
    contact = _one_of(email, phone)
    if file.exists():
        raise click.ClickException(f"{file} exists already")
    draft = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            done = _told(lambda: export_person(contact, stream, reason=reason, **_by()))
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{done.reports} reports and {done.photos} photos are in {file}.")


@commands.command("erase")
@by_email
@by_phone
@why
@click.option(
    "--open-reports",
    type=click.Choice([choice.value for choice in OpenReports]),
    default=OpenReports.LATER.value,
    show_default=True,
    help="Reports still being worked on: lose their content when they are finished, or now.",
)
@click.confirmation_option(prompt="What is erased cannot be brought back. Erase it?")
def erase(email: str | None, phone: str | None, reason: str, open_reports: str) -> None:
    """Erase all data of one person; figures stay as they are."""
    contact = _one_of(email, phone)
    done = _told(
        lambda: erase_person(
            contact, reason=reason, open_reports=OpenReports(open_reports), **_by()
        )
    )
    click.echo(
        f"{done.reports} reports and {done.photos} photos erased; "
        f"{done.later} open reports lost their contact and are erased when they are finished."
    )


@commands.command("retain")
def retain() -> None:
    """Anonymise now what has been kept for as long as it may be, without waiting for the night."""
    done = apply_retention(city=current_app.extensions["city"], now=datetime.now(UTC))
    click.echo(f"{done} reports anonymised.")


def _one_of(email: str | None, phone: str | None) -> str:
    if bool(email) == bool(phone):
        raise click.UsageError("give either --email or --phone")
    return email or phone or ""


def _by() -> dict[str, Any]:
    return {"actor": SYSTEM, "city": current_app.extensions["city"], "now": datetime.now(UTC)}


def _told(act: Callable[[], T]) -> T:
    """Run a use case and say in one line why it was refused."""
    try:
        return act()
    except Invalid as refused:
        reasons = ", ".join(f"{field}: {code}" for field, code in refused.fields.items())
        raise click.ClickException(reasons) from refused
    except DomainError as refused:
        raise click.ClickException(refused.code.replace("_", " ")) from refused
