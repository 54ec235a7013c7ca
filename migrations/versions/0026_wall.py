"""The snapshot of the operations centre's wall."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "wall_snapshots",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("boards", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("data_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_wall_snapshots")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("wall_snapshots")
