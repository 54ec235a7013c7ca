"""Rolled-up figures. All of it can be thrown away and recomputed from history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import JsonColumn, UtcDateTime


class StatisticsDay(Model):
    """The figures of one scope on one local day; days on which nothing happened have no row.

    `counts` is little and read for series, `times` is much and read for windows only.
    """

    __tablename__ = "statistics_days"
    __table_args__ = (Index("ix_statistics_days_day", "day"),)

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    times: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StatisticsReady(Model):
    """The figures of one scope over one named window (`domain/periods.py`), ready for a page.

    `sums` is what the days of the window add up to, `sums_before` those of the one it is compared
    with, so that a change need not add them up again; no page reads them.
    """

    __tablename__ = "statistics_ready"
    __table_args__ = (Index("ix_statistics_ready_period", "period"),)

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    sums: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    sums_before: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    data_time: Mapped[datetime] = mapped_column(UtcDateTime)


class StatisticsDirty(Model):
    """A day whose rows must all be recomputed: one line for each mark, removed when it is done."""

    __tablename__ = "statistics_dirty"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)


class StatisticsChange(Model):
    """A change of a report that the rows do not tell yet; its entries bear `version`."""

    __tablename__ = "statistics_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    version: Mapped[int]
