"""The open reports by their number: few of many, read again with every change of the figures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_reports_open"
IS_OPEN = sa.text("state IN ('received', 'dispatched', 'in_progress', 'waiting', 'answered')")


def upgrade() -> None:
    """Create the index."""
    op.create_index(NAME, "reports", ["id"], postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, "reports")
