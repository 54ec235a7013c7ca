"""Indexes of the assignments that are not done, by what is due first."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_OPEN = sa.text("state IN ('dispatched', 'in_progress', 'waiting', 'answered')")


def upgrade() -> None:
    """Add both indexes."""
    for name, columns in (
        ("ix_assignments_open", ["due", "id"]),
        ("ix_assignments_open_unit", ["unit_id", "due", "id"]),
    ):
        op.create_index(
            name, "assignments", columns, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN
        )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_assignments_open_unit", table_name="assignments")
    op.drop_index("ix_assignments_open", table_name="assignments")
