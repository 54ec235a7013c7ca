"""When the reporter of a refused report asked for a second look."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column and its index."""
    op.add_column("reports", sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_reports_asked_again_at"), "reports", ["asked_again_at"], unique=False)


def downgrade() -> None:
    """Drop the column and its index."""
    with op.batch_alter_table("reports") as batch:
        batch.drop_index(op.f("ix_reports_asked_again_at"))
        batch.drop_column("asked_again_at")
