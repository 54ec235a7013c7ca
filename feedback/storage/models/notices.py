"""Notices: who is told of what, over which channel, and how far that has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.notices import GivenUp, NoticeKind, NoticeState, Recipient
from feedback.extensions import Model
from feedback.storage.models.histories import HistoryEntry
from feedback.storage.models.reports import Report
from feedback.storage.types import JsonColumn, UtcDateTime, words


class Notice(Model):
    """One notice to one recipient over one channel; it never holds an address or a text.

    `key` says what it tells of, to whom and how, so that the same is never told twice. `mark` makes
    its message's id unlike any other's, also of a database that was filled anew. `report_id` is the
    report whose link the letter holds, `entry_id` what happened; a reminder of several cases has
    them in `data` instead.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_state", "state", "problem"),
        Index("ix_notices_recipient", "recipient", "recipient_id", "kind", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    mark: Mapped[str] = mapped_column(String(32))
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[Recipient] = mapped_column(words(Recipient))
    recipient_id: Mapped[int]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("history_entries.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    state: Mapped[NoticeState] = mapped_column(words(NoticeState))
    problem: Mapped[GivenUp | None] = mapped_column(words(GivenUp))
    answer: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    report: Mapped[Report | None] = relationship(viewonly=True)
    entry: Mapped[HistoryEntry | None] = relationship(viewonly=True)
