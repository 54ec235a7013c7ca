"""The surroundings of the request being answered."""

from datetime import UTC, date, datetime

from flask import current_app

from config import Settings
from feedback.operations.city import City


def city() -> City:
    """What operations need to know of this installation."""
    found: City = current_app.extensions["city"]
    return found


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def now() -> datetime:
    """The moment of the request, by the server's clock."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in the city."""
    return datetime.now(city().zone).date()
