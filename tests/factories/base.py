"""What every factory builds on: the city of the open application context, and a counter."""

from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar

from flask import current_app

from feedback.extensions import Model
from feedback.operations.city import City
from feedback.operations.transaction import transaction

LONG_AGO = date(2020, 1, 1)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in the city, a working day
INSIDE = (16.47, 107.58)  # a point in the default area

Row = TypeVar("Row", bound=Model)
numbers = count(1)


def the_city() -> City:
    """The surroundings operations ask for."""
    city: City = current_app.extensions["city"]
    return city


def saved(row: Row) -> Row:
    """The row stored, loaded and detached."""
    with transaction(the_city()) as session:
        session.add(row)
        session.flush()
        session.refresh(row)
        session.expunge(row)
    return row
