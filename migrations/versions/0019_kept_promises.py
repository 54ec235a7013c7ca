"""When a unit kept what the answer of a round promised."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_AWAITED = sa.text("promised_on IS NOT NULL AND promise_kept_at IS NULL")


def upgrade() -> None:
    """Add the moment, and an index of the promises that are open."""
    op.add_column("rounds", sa.Column("promise_kept_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_rounds_promised",
        "rounds",
        ["unit_id", "promised_on", "id"],
        postgresql_where=IS_AWAITED,
        sqlite_where=IS_AWAITED,
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_rounds_promised", table_name="rounds")
    op.drop_column("rounds", "promise_kept_at")
