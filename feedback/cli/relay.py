"""`flask --app wsgi relay`: the process between the outbox and the queues."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Settings
from feedback.jobs.relay import Relay
from feedback.jobs.stopping import Stop


@click.command("relay")
@with_appcontext
def command() -> None:
    """Hand promised work to the workers until told to stop."""
    stop = Stop()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    Relay(app, settings.redis_url).run(stop)
