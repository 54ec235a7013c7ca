"""The history of reports: appended, never edited."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.histories import HistoryKind
from feedback.domain.states import ActorKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.units import Unit
from feedback.storage.types import JsonColumn, UtcDateTime, words


class HistoryEntry(Model):
    """What happened to a report, written in the transaction of the change itself."""

    __tablename__ = "history_entries"
    __table_args__ = (Index("ix_history_entries_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[HistoryKind] = mapped_column(words(HistoryKind))
    actor_kind: Mapped[ActorKind] = mapped_column(words(ActorKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    report_version: Mapped[int]  # of the report after this change
    note: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]] = mapped_column(JsonColumn)

    account: Mapped[Account | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
