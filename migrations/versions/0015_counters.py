"""Service counters, their kiosks and their ratings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables, and let photos belong to a rating of a counter."""
    op.create_table(
        "counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_counters_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("code", name=op.f("uq_counters_code")),
    )
    op.create_index(op.f("ix_counters_unit_id"), "counters", ["unit_id"])
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("invitation", sa.String(length=64), nullable=True),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counters.id"], name=op.f("fk_kiosks_counter_id_counters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
        sa.UniqueConstraint("invitation", name=op.f("uq_kiosks_invitation")),
    )
    op.create_index(op.f("ix_kiosks_counter_id"), "kiosks", ["counter_id"])
    op.create_table(
        "counter_ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("flag", sa.String(length=32), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counters.id"], name=op.f("fk_counter_ratings_counter_id_counters")
        ),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.id"], name=op.f("fk_counter_ratings_kiosk_id_kiosks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_ratings")),
        sa.UniqueConstraint("token", name=op.f("uq_counter_ratings_token")),
    )
    op.create_index("ix_counter_ratings_counter", "counter_ratings", ["counter_id", "rated_at"])
    op.create_index(
        "ix_counter_ratings_device", "counter_ratings", ["device", "counter_id", "rated_at"]
    )
    with op.batch_alter_table("photos") as photos:
        photos.add_column(sa.Column("counter_rating_id", sa.Integer(), nullable=True))
        photos.create_index(photos.f("ix_photos_counter_rating_id"), ["counter_rating_id"])
        photos.create_foreign_key(
            photos.f("fk_photos_counter_rating_id_counter_ratings"),
            "counter_ratings",
            ["counter_rating_id"],
            ["id"],
        )


def downgrade() -> None:
    """Drop them, and their indexes with them."""
    with op.batch_alter_table("photos") as photos:
        photos.drop_constraint(
            op.f("fk_photos_counter_rating_id_counter_ratings"), type_="foreignkey"
        )
        photos.drop_index(op.f("ix_photos_counter_rating_id"))
        photos.drop_column("counter_rating_id")
    op.drop_table("counter_ratings")
    op.drop_table("kiosks")
    op.drop_table("counters")
