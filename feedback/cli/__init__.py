"""Commands of `flask`. Each module has one command or group and registers it here."""

from flask import Flask

from feedback.cli.areas import areas
from feedback.cli.demo import demo
from feedback.cli.prepare import prepare


def register(app: Flask) -> None:
    """Add every command and command group to the application."""
    for command in (prepare, areas, demo):
        app.cli.add_command(command)
