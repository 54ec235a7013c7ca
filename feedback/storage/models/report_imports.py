"""Files of reports of another system, sent on a page."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.report_imports import ImportStage
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.types import JsonColumn, UtcDateTime, words


class ReportImport(Model):
    """One file and what became of it. The file goes when the import is over, the record stays.

    `row_count` is known once the file was read; `rows_done` of them are checked or, once it was
    started, taken over: then `stored` and `known` count those, before they tell what would be.
    `problems` are the refused rows by column and reason, `created` the new categories and units
    (`domain/report_imports.py`); `refused_key` is the file of every refused row. A failed import
    says why in `problem`, a reason code, and `problem_detail`, the words it is about.
    """

    __tablename__ = "report_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[ImportStage] = mapped_column(words(ImportStage))
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(120))
    mapping: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    row_count: Mapped[int | None]
    rows_done: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JsonColumn, default=list)
    created: Mapped[dict[str, Any]] = mapped_column(JsonColumn, default=dict)
    refused_key: Mapped[str] = mapped_column(String(120), default="")
    problem: Mapped[str] = mapped_column(String(40), default="")
    problem_detail: Mapped[str] = mapped_column(Text, default="")

    sent_by: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[sent_by_id])
    started_by: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[started_by_id])
