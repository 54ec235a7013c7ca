"""Monthly tables of ratings, kept as they were published."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "published_ratings",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("tables", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_published_ratings")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("published_ratings")
