"""Reports taken over from another system, known there by a key."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add both columns."""
    for name in ("source", "key_at_source"):
        op.add_column("reports", sa.Column(name, sa.String(length=80), nullable=True))
    op.create_index("uq_reports_source_key", "reports", ["source", "key_at_source"], unique=True)


def downgrade() -> None:
    """Drop both."""
    op.drop_index("uq_reports_source_key", table_name="reports")
    for name in ("key_at_source", "source"):
        op.drop_column("reports", name)
