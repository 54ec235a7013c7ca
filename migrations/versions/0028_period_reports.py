"""Reports of months, quarters and years, their cases and files, and who gets them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "period_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("data_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=True),
        sa.Column("definitions", sa.Integer(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"],
            ["accounts.id"],
            name=op.f("fk_period_reports_ordered_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_reports")),
        sa.UniqueConstraint(
            "period", "scope", "edition", name=op.f("uq_period_reports_period_scope_edition")
        ),
    )
    of_report = ["period_report_id"], ["period_reports.id"]
    op.create_table(
        "period_report_cases",
        sa.Column("period_report_id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            *of_report, name=op.f("fk_period_report_cases_period_report_id_period_reports")
        ),
        sa.PrimaryKeyConstraint(
            "period_report_id", "figure", "number", name=op.f("pk_period_report_cases")
        ),
    )
    op.create_table(
        "period_report_files",
        sa.Column("period_report_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            *of_report, name=op.f("fk_period_report_files_period_report_id_period_reports")
        ),
        sa.PrimaryKeyConstraint(
            "period_report_id", "language", "form", name=op.f("pk_period_report_files")
        ),
    )
    op.create_table(
        "report_subscriptions",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_report_subscriptions_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "kind", "scope", name=op.f("pk_report_subscriptions")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("report_subscriptions")
    op.drop_table("period_report_files")
    op.drop_table("period_report_cases")
    op.drop_table("period_reports")
