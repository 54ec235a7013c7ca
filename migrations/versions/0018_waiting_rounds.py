"""Count a unit's open work from one index, and find the few rounds that wait for a citizen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_OPEN = sa.text("state IN ('dispatched', 'in_progress', 'waiting', 'answered')")
WAITS = sa.text("waiting_since IS NOT NULL")


def upgrade() -> None:
    """Add the columns that are counted to the index of a unit's open work."""
    op.drop_index("ix_assignments_open_unit", table_name="assignments")
    _open_unit(["handler_id", "state", "round_id"])
    op.create_index(
        "ix_rounds_waiting", "rounds", ["id"], postgresql_where=WAITS, sqlite_where=WAITS
    )


def downgrade() -> None:
    """Make the index as it was."""
    op.drop_index("ix_rounds_waiting", table_name="rounds")
    op.drop_index("ix_assignments_open_unit", table_name="assignments")
    _open_unit(None)


def _open_unit(include: list[str] | None) -> None:
    op.create_index(
        "ix_assignments_open_unit",
        "assignments",
        ["unit_id", "due", "id"],
        postgresql_include=include,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
