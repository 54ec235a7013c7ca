"""`flask --app wsgi statistics`: figures refreshed, rebuilt, and held against history."""

import json
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.operations.rebuild_statistics import rebuild_all, rebuild_statistics
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.verify_statistics import verify_statistics

commands = AppGroup("statistics", help="Figures and where they come from.")


@commands.command("verify")
def verify() -> None:
    """Compute every figure aside, from history, and print each stored row that differs."""
    differences = verify_statistics(city=current_app.extensions["city"])
    for one in differences:
        click.echo(f"{one.row}\n  stored:   {_line(one.stored)}\n  expected: {_line(one.expected)}")
    if differences:
        raise click.ClickException(f"{len(differences)} rows differ.")
    click.echo("No differences.")


@commands.command("rebuild")
@click.option("--days", type=click.IntRange(min=1), help="Only the last so many days.")
def rebuild(days: int | None) -> None:
    """Compute every figure again, from history, and store it."""
    city, now = current_app.extensions["city"], datetime.now(UTC)
    if days is None:
        rebuild_all(city, now)
    else:
        rebuild_statistics(days, city=city, now=now)
    click.echo("Rebuilt.")


@commands.command("refresh")
def refresh() -> None:
    """Bring the figures up to date now, without waiting for the worker."""
    refresh_statistics(city=current_app.extensions["city"], now=datetime.now(UTC))
    click.echo("Up to date.")


def _line(figures: object) -> str:
    return "nothing" if figures is None else json.dumps(figures, sort_keys=True)
