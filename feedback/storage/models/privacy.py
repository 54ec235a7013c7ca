"""The privacy record: who did what with personal data, when and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.privacy import PrivacyDeed
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.reports import Report
from feedback.storage.types import JsonColumn, UtcDateTime, words


class PrivacyEntry(Model):
    """One deed; appended, never edited, and without the data it was done with.

    No account stands for the schedule or a command of the operator.
    """

    __tablename__ = "privacy_entries"
    __table_args__ = (Index("ix_privacy_entries_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    deed: Mapped[PrivacyDeed] = mapped_column(words(PrivacyDeed))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JsonColumn)

    account: Mapped[Account | None] = relationship(viewonly=True)
    report: Mapped[Report | None] = relationship(viewonly=True)
