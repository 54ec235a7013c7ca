"""News by e-mail go only to addresses whose owners confirmed that they want them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Who asked for news before this was asked of anybody goes on getting them."""
    op.add_column("followers", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE followers SET confirmed_at = consented_at WHERE sealed IS NOT NULL")


def downgrade() -> None:
    """Forget who confirmed."""
    with op.batch_alter_table("followers") as followers:
        followers.drop_column("confirmed_at")
