"""Sheets of what units undertook, and the figures a target starts from and was signed at."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FIGURES = ("base_part", "base_whole", "signed_part", "signed_whole")


def upgrade() -> None:
    """Create the table and the columns."""
    with op.batch_alter_table("targets") as batch:
        for name in FIGURES:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
    op.create_table(
        "commitment_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("vi_key", sa.String(length=120), nullable=False),
        sa.Column("en_key", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_commitment_sheets_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_sheets")),
        sa.UniqueConstraint(
            "unit_id", "period", "state", name=op.f("uq_commitment_sheets_unit_id_period_state")
        ),
    )
    op.create_index(op.f("ix_commitment_sheets_period"), "commitment_sheets", ["period"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("commitment_sheets")
    with op.batch_alter_table("targets") as batch:
        for name in reversed(FIGURES):
            batch.drop_column(name)
