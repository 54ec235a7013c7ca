"""The history of reference data, and what the administrator keeps of units and accounts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the table and the columns; code that knows nothing of them goes on."""
    op.create_table(
        "reference_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("object_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reference_changes_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_changes")),
    )
    op.create_index(
        "ix_reference_changes_object", "reference_changes", ["kind", "object_key", "id"]
    )
    op.create_index(op.f("ix_reference_changes_account_id"), "reference_changes", ["account_id"])
    op.add_column("accounts", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("categories", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.add_column("units", sa.Column("head_account_id", sa.Integer(), nullable=True))
    for name, length in (("duty_phone", 40), ("duty_email", 254), ("duty_note", 400)):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("units", column)


def downgrade() -> None:
    """Take them away again."""
    for name in ("duty_note", "duty_email", "duty_phone", "head_account_id"):
        op.drop_column("units", name)
    op.drop_column("categories", "retention_days")
    op.drop_column("accounts", "email")
    op.drop_table("reference_changes")
