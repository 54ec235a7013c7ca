"""Every measure: what live rows tell of times, and day rows and windows in their new form."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UNKEPT = sa.text("outcome = 'planned' AND promise_kept_at IS NULL")
AT_ONCE = 10_000


def upgrade() -> None:
    """Add the columns and fill them from history; figures are computed anew by their job."""
    op.add_column("reports", sa.Column("first_answered_at", sa.DateTime(timezone=True)))
    op.create_index("ix_reports_category_closed", "reports", ["category_id", "closed_at"])
    op.add_column("rounds", sa.Column("minutes", sa.Integer()))
    op.create_index(
        "ix_rounds_awaited",
        "rounds",
        ["report_id"],
        postgresql_where=UNKEPT,
        sqlite_where=UNKEPT,
    )
    op.create_index(op.f("ix_rounds_promised_on"), "rounds", ["promised_on"])
    _fill_first_answers()
    _fill_minutes()
    op.drop_table("statistics_ready")
    op.drop_index("ix_statistics_days_day", table_name="statistics_days")
    op.drop_table("statistics_days")
    _create_rows(["counts", "times"], sa.Column("period", sa.String(length=10), nullable=False))
    op.create_index("ix_statistics_ready_period", "statistics_ready", ["period"])


def downgrade() -> None:
    """Drop them; figures have to be computed anew."""
    op.drop_index("ix_statistics_ready_period", table_name="statistics_ready")
    op.drop_table("statistics_ready")
    op.drop_index("ix_statistics_days_day", table_name="statistics_days")
    op.drop_table("statistics_days")
    _create_rows(["figures"], sa.Column("window_days", sa.Integer(), nullable=False))
    op.drop_index(op.f("ix_rounds_promised_on"), table_name="rounds")
    op.drop_index("ix_rounds_awaited", table_name="rounds")
    op.drop_column("rounds", "minutes")
    op.drop_index("ix_reports_category_closed", table_name="reports")
    op.drop_column("reports", "first_answered_at")


def _create_rows(parts: Sequence[str], window: "sa.Column[object]") -> None:
    document = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "statistics_days",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(part, document, nullable=False) for part in parts),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name=op.f("pk_statistics_days")),
    )
    op.create_index("ix_statistics_days_day", "statistics_days", ["day"], unique=False)
    op.create_table(
        "statistics_ready",
        sa.Column("scope", sa.String(length=40), nullable=False),
        window,
        sa.Column("figures", document, nullable=False),
        sa.Column("data_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", window.name, name=op.f("pk_statistics_ready")),
    )


def _fill_first_answers() -> None:
    op.execute(
        sa.text(
            "UPDATE reports SET first_answered_at = ("
            "SELECT min(h.at) FROM history_entries h WHERE h.report_id = reports.id AND "
            "(h.kind IN ('question_asked', 'approved', 'closed') "
            "OR (h.kind = 'note' AND h.public)))"
        )
    )


def _fill_minutes() -> None:
    history = sa.table(
        "history_entries",
        sa.column("id", sa.Integer),
        sa.column("report_id", sa.Integer),
        sa.column("kind", sa.String),
        sa.column("data", sa.JSON().with_variant(JSONB(), "postgresql")),
    )
    rounds = sa.table(
        "rounds",
        sa.column("report_id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("minutes", sa.Integer),
    )
    fill = (
        sa.update(rounds)
        .where(
            rounds.c.report_id == sa.bindparam("of_report"),
            rounds.c.number == sa.bindparam("of_number"),
        )
        .values(minutes=sa.bindparam("taken"))
    )
    closes = sa.select(history.c.id, history.c.report_id, history.c.data).where(
        history.c.kind == "closed"
    )
    connection, last = op.get_bind(), 0
    while True:
        page = closes.where(history.c.id > last).order_by(history.c.id).limit(AT_ONCE)
        found = connection.execute(page).all()
        if not found:
            return
        connection.execute(
            fill,
            [
                {
                    "of_report": row.report_id,
                    "of_number": row.data["number"],
                    "taken": row.data["minutes"],
                }
                for row in found
            ],
        )
        last = found[-1].id
