"""The working calendar as data, and the versions of reference data that caches go by."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import JsonColumn


class CalendarBlock(Model):
    """A block of working time on a weekday (Monday is 0), in minutes of the local day."""

    __tablename__ = "calendar_blocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]


class CalendarDay(Model):
    """A day that differs from its weekday; `blocks` is [[start, end], …], empty for a day off."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    blocks: Mapped[list[list[int]]] = mapped_column(JsonColumn)
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(400))


class ReferenceVersion(Model):
    """Counts the changes of one kind of reference data, so that processes know to reload it."""

    __tablename__ = "reference_versions"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
