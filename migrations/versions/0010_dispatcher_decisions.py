"""What a dispatcher still has to decide about: returned assignments; and what lies near a case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the mark and the indexes."""
    op.add_column(
        "assignments",
        sa.Column("return_undecided", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ix_assignments_undecided",
        "assignments",
        ["report_id"],
        unique=False,
        postgresql_where=sa.text("return_undecided"),
        sqlite_where=sa.text("return_undecided = 1"),
    )
    op.create_index(
        "ix_reports_category_received", "reports", ["category_id", "received_at"], unique=False
    )


def downgrade() -> None:
    """Drop the indexes and the mark."""
    op.drop_index("ix_reports_category_received", "reports")
    op.drop_index("ix_assignments_undecided", "assignments")
    with op.batch_alter_table("assignments") as batch:
        batch.drop_column("return_undecided")
