"""Commands of `flask`. Each module has one group and registers it here."""

from flask import Flask


def register(app: Flask) -> None:
    """Add every command group to the application."""
