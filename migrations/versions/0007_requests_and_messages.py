"""What units ask for, what is said about a case, and the documents that come with it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "case_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("wanted_unit_id", sa.Integer(), nullable=True),
        sa.Column("wanted_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_case_requests_asked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_case_requests_assignment_id_assignments"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_case_requests_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_case_requests_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["wanted_unit_id"], ["units.id"], name=op.f("fk_case_requests_wanted_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_requests")),
    )
    op.create_index(op.f("ix_case_requests_assignment_id"), "case_requests", ["assignment_id"])
    op.create_index(op.f("ix_case_requests_report_id"), "case_requests", ["report_id"])
    op.create_index(op.f("ix_case_requests_state"), "case_requests", ["state", "asked_at", "id"])

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_messages_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_messages_assignment_id_assignments"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["messages.id"], name=op.f("fk_messages_question_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_messages_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_assignment_id"), "messages", ["assignment_id"])
    op.create_index(op.f("ix_messages_question_id"), "messages", ["question_id"])
    op.create_index(op.f("ix_messages_report_id"), "messages", ["report_id"])

    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_documents_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_documents_assignment_id_assignments"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_documents_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_documents_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_documents_upload_id")),
    )
    op.create_index(op.f("ix_documents_assignment_id"), "documents", ["assignment_id"])
    op.create_index(op.f("ix_documents_key"), "documents", ["key"])
    op.create_index(op.f("ix_documents_message_id"), "documents", ["message_id"])
    op.create_index(op.f("ix_documents_report_id"), "documents", ["report_id"])
    op.create_index(op.f("ix_documents_uploaded_at"), "documents", ["uploaded_at"])

    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("photos") as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_photos_message_id"), ["message_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_photos_message_id_messages"), "messages", ["message_id"], ["id"]
        )


def downgrade() -> None:
    """Drop them, and their indexes with them."""
    with op.batch_alter_table("photos") as photos:
        photos.drop_constraint(op.f("fk_photos_message_id_messages"), type_="foreignkey")
        photos.drop_index(op.f("ix_photos_message_id"))
        photos.drop_column("message_id")
    with op.batch_alter_table("assignments") as assignments:
        assignments.drop_column("replied_at")
        assignments.drop_column("waiting_since")
    op.drop_table("documents")
    op.drop_table("messages")
    op.drop_table("case_requests")
