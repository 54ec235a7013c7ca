"""`flask --app wsgi prepare`: what must be done before the city can be served."""

import click
import flask_migrate
from flask.cli import with_appcontext

from config import ROOT


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database to the newest schema."""
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
