"""The outbox: work promised in the commit of the change that asks for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedback.domain.events import Event
from feedback.extensions import Model
from feedback.storage.types import JsonColumn, UtcDateTime, words


class OutboxState(StrEnum):
    """`pending` waits for `next_at`; `leased` was handed out until then; the rest are final."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


class OutboxRow(Model):
    """One event for one subscription. `attempt` counts the starts of its job."""

    __tablename__ = "outbox_rows"
    __table_args__ = (Index("ix_outbox_rows_claim", "state", "next_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[Event] = mapped_column(words(Event))
    subscription: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    state: Mapped[OutboxState] = mapped_column(words(OutboxState))
    attempt: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")


class ScheduleRun(Model):
    """When a line of the schedule last put its event into the outbox."""

    __tablename__ = "schedule_runs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_run_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heartbeat(Model):
    """The last sign of life of a long-running process."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
