"""Runs the migrations on the application's own database, or finds what a new one has to change.

Revisions are numbered:
`flask --app wsgi db revision --autogenerate --rev-id 0004 -m "what changes"`.
"""

from contextlib import nullcontext
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from feedback.extensions import db
from feedback.storage import models  # noqa: F401 (makes every table known)
from feedback.storage.database import migrating
from feedback.storage.types import UtcDateTime


def run() -> None:
    """Migrate in one transaction: all of it happens, or nothing.

    Whoever runs a migration from within a transaction of his own hands in its connection.
    """
    given = context.config.attributes.get("connection")
    with nullcontext(given) if given else migrating(db.engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        context.run_migrations()


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write the database's own types into a migration, so that it does not depend on our code.

    A column of words is a plain string there: a new word needs no migration.
    """
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, sa.JSON):
        autogenerate.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


if context.is_offline_mode():
    raise SystemExit("Migrations need the database itself; run them without --sql.")
run()
