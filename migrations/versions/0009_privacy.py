"""The record of what is done with personal data, and which reports have lost theirs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "privacy_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_privacy_entries_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_privacy_entries_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_entries")),
    )
    op.create_index(op.f("ix_privacy_entries_at"), "privacy_entries", ["at"])
    op.create_index("ix_privacy_entries_report", "privacy_entries", ["report_id", "id"])
    for name in ("erasure_wanted_at", "anonymised_at"):
        op.add_column("reports", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    for name in ("anonymised_at", "erasure_wanted_at"):
        op.drop_column("reports", name)
    op.drop_table("privacy_entries")
