"""Passwords that were given by somebody else, and are to be replaced by their owner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Passwords of today count as their owners' own."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(
            sa.Column("password_given", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """Forget which were given."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("password_given")
