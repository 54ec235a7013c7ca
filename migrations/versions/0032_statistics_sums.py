"""What the days of a window add up to, kept beside its figures; dispatches by their moment."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("sums", "sums_before")


def upgrade() -> None:
    """Add the columns and the index."""
    for name in COLUMNS:
        op.add_column("statistics_ready", sa.Column(name, sa.JSON(), nullable=True))
    op.create_index(op.f("ix_assignments_dispatched_at"), "assignments", ["dispatched_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_assignments_dispatched_at"), "assignments")
    with op.batch_alter_table("statistics_ready") as batch:
        for name in COLUMNS:
            batch.drop_column(name)
