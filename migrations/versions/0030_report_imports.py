"""Files of reports of another system, sent on a page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make their table."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "report_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problems", json, nullable=False),
        sa.Column("created", json, nullable=False),
        sa.Column("refused_key", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("problem_detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["accounts.id"], name=op.f("fk_report_imports_sent_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"],
            ["accounts.id"],
            name=op.f("fk_report_imports_started_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_imports")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("report_imports")
