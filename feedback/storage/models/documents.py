"""Documents: PDF files that come with a note or prove an answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import UtcDateTime


class Document(Model):
    """One PDF file, kept as it came and never opened here.

    `upload_id` is the secret the uploader names it by until it is attached, `name` what it was
    called there, `key` its file, named by its content.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[str] = mapped_column(String(64), unique=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(120), index=True)
    size: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
