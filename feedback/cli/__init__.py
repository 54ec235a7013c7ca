"""Commands of `flask`. Each module has one command or group and registers it here."""

from flask import Flask

from feedback.cli import (
    accounts,
    areas,
    backup,
    demo,
    outbox,
    prepare,
    privacy,
    relay,
    reports,
    statistics,
)


def register(app: Flask) -> None:
    """Add every command and command group to the application."""
    app.cli.add_command(accounts.accounts)
    app.cli.add_command(areas.areas)
    app.cli.add_command(backup.commands)
    app.cli.add_command(demo.demo)
    app.cli.add_command(outbox.commands)
    app.cli.add_command(prepare.prepare)
    app.cli.add_command(privacy.commands)
    app.cli.add_command(relay.command)
    app.cli.add_command(reports.commands)
    app.cli.add_command(statistics.commands)
