"""Printed reports of months, quarters and years, and who gets them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.period_reports import ReportStage
from feedback.domain.periods import PeriodKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.types import JsonColumn, UtcDateTime, words


class PeriodReport(Model):
    """One edition of the report of a period over a scope; once it is ready it never changes.

    `figures` is the document of `domain/period_reports.py`, by the data of `data_time`, the
    calendar and the definitions of the versions it names. A correction is a further edition, with
    its `reason`; the first one has none.
    """

    __tablename__ = "period_reports"
    __table_args__ = (UniqueConstraint("period", "scope", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10))
    kind: Mapped[PeriodKind] = mapped_column(words(PeriodKind))
    scope: Mapped[str] = mapped_column(String(40))
    edition: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[ReportStage] = mapped_column(words(ReportStage))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    figures: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    data_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calendar_version: Mapped[int | None]
    definitions: Mapped[int | None]
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ordered_by: Mapped[Account | None] = relationship(viewonly=True)


class PeriodReportCases(Model):
    """The cases behind one figure of a report, in packs (`domain/frozen_cases.py`)."""

    __tablename__ = "period_report_cases"

    period_report_id: Mapped[int] = mapped_column(ForeignKey("period_reports.id"), primary_key=True)
    figure: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class PeriodReportFile(Model):
    """One file of a report: its language, its form, and where it is kept."""

    __tablename__ = "period_report_files"

    period_report_id: Mapped[int] = mapped_column(ForeignKey("period_reports.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    form: Mapped[str] = mapped_column(String(4), primary_key=True)
    file_key: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class ReportSubscription(Model):
    """Somebody gets every report of a kind over a scope, in a language."""

    __tablename__ = "report_subscriptions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[PeriodKind] = mapped_column(words(PeriodKind), primary_key=True)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
