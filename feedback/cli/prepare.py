"""`flask --app wsgi prepare`: what must be done before the city can be served."""

from datetime import UTC, datetime

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from config import ROOT
from feedback.demo.load import REPORTS, SEED, is_empty, load_city
from feedback.demo.side_by_side import shares_for
from feedback.operations.rebuild_statistics import build_if_missing


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database to the newest schema; where the settings say so, fill an empty one.

    Figures that an upgrade gave a new form are computed anew.
    """
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    city, now = current_app.extensions["city"], datetime.now(UTC)
    if current_app.extensions["settings"].demo_city and is_empty():
        click.echo("Loading the demo city once; this takes a minute or two")
        load_city(city, seed=SEED, reports=REPORTS, now=now, shares=shares_for(REPORTS))
    elif build_if_missing(city, now):
        click.echo("Figures computed anew")
