"""Changes of reports that the figures do not tell yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "statistics_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_statistics_changes_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_changes")),
    )
    op.create_index(op.f("ix_statistics_changes_report_id"), "statistics_changes", ["report_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("statistics_changes")
