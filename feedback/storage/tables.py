"""A model's table itself, for rows that nobody needs as objects afterwards."""

from typing import cast

from sqlalchemy import Table

from feedback.extensions import Model


def table_of(model: type[Model]) -> Table:
    """The table of a model."""
    return cast(Table, model.__table__)
