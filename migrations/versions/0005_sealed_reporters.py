"""Who reported is sealed, and found by blind indexes."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from flask import current_app

from feedback.domain.contacts import email_key, phone_key

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 1_000
REPORTERS = sa.table(
    "reporters",
    *(
        sa.column(name)
        for name in ("id", "name", "email", "phone", "sealed", "email_index", "phone_index")
    ),
)


def upgrade() -> None:
    """Add the sealed value beside the columns of before, and seal what stands in them.

    The old columns stay, empty: the old code, which may run meanwhile, writes to them.
    """
    with op.batch_alter_table("reporters") as batch:
        batch.add_column(sa.Column("sealed", sa.Text(), nullable=True))
        batch.add_column(sa.Column("email_index", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("phone_index", sa.String(length=64), nullable=True))
        batch.create_index("ix_reporters_email_index", ["email_index"])
        batch.create_index("ix_reporters_phone_index", ["phone_index"])
    seal = current_app.extensions["city"].seal
    _change_all(lambda row: _sealed(row, seal))
    _blind_the_digests(seal)


def downgrade() -> None:
    """Open everything again, and take the new columns away."""
    seal = current_app.extensions["city"].seal
    _change_all(lambda row: _opened(row, seal))
    with op.batch_alter_table("reporters") as batch:
        batch.drop_index("ix_reporters_phone_index")
        batch.drop_index("ix_reporters_email_index")
        batch.drop_column("phone_index")
        batch.drop_column("email_index")
        batch.drop_column("sealed")


def _change_all(change) -> None:
    connection, last = op.get_bind(), 0
    while True:
        query = sa.select(REPORTERS).where(REPORTERS.c.id > last).order_by(REPORTERS.c.id)
        rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            update = sa.update(REPORTERS).where(REPORTERS.c.id == row.id)
            connection.execute(update.values(**change(row)))
        last = rows[-1].id


def _sealed(row, seal) -> dict[str, str | None]:
    contact = {"name": row.name, "email": row.email, "phone": row.phone}
    email, phone = email_key(row.email), phone_key(row.phone)
    return {
        "sealed": seal.seal(json.dumps(contact, ensure_ascii=False), "reporter"),
        "email_index": seal.index(email, "reporter.email") if email else None,
        "phone_index": seal.index(phone, "reporter.phone") if phone else None,
        **dict.fromkeys(contact, ""),
    }


def _opened(row, seal) -> dict[str, str]:
    return json.loads(seal.open(row.sealed, "reporter")) if row.sealed else {"name": row.name}


def _blind_the_digests(seal) -> None:
    """The digest of a submission holds its contact: a telephone number could be found by trying."""
    reports = sa.table("reports", *map(sa.column, ("id", "submission_digest")))
    connection = op.get_bind()
    blind = [
        {"row_id": row.id, "blind": seal.index(row.submission_digest, "submission")}
        for row in connection.execute(sa.select(reports.c.id, reports.c.submission_digest))
    ]
    update = sa.update(reports).where(reports.c.id == sa.bindparam("row_id"))
    if blind:
        connection.execute(update.values(submission_digest=sa.bindparam("blind")), blind)
