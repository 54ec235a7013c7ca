"""Commands of `flask`. Each module has one command or group and registers it here."""

from flask import Flask

from feedback.cli import outbox, relay
from feedback.cli.accounts import accounts
from feedback.cli.prepare import prepare


def register(app: Flask) -> None:
    """Add every command and command group to the application."""
    app.cli.add_command(accounts)
    app.cli.add_command(relay.command)
    app.cli.add_command(outbox.commands)
    app.cli.add_command(prepare)
