"""Reports, their rounds and their assignments: the heart of the store.

Reference data is named by id; the relationships to it are for reading only.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.states import (
    AssignmentState,
    Channel,
    Clock,
    Outcome,
    PlaceSource,
    ReportState,
    Visibility,
)
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.categories import Category, ServiceLevel
from feedback.storage.models.places import Area
from feedback.storage.models.reporters import Reporter
from feedback.storage.models.units import Unit
from feedback.storage.types import UtcDateTime, words

_RUNS = text("state IN ('received', 'dispatched', 'in_progress', 'waiting', 'answered')")


class Report(Model):
    """One report.

    `state` is derived by the transition rules and stored for the lists. `first_answered_at` is when
    its reporter first heard from a person who works on it. `unit_id` is the unit of the lead
    assignment, or of the last one; `due` is its round's. `changed_at` is the moment of the latest
    history entry. `asked_again_at` is set while a refused report waits for a second look;
    the dispatcher who decides empties it. Its reporter may have asked, `erasure_wanted_at`,
    that it be erased as soon as it is finished; at `anonymised_at` it has lost what was personal.
    An imported one is known to its `source` by `key_at_source`.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_public_list", "visibility", "received_at", "id"),
        Index("ix_reports_state_received", "state", "received_at"),
        Index("ix_reports_category_received", "category_id", "received_at"),
        Index("ix_reports_category_closed", "category_id", "closed_at"),
        Index("uq_reports_source_key", "source", "key_at_source", unique=True),
        # What figures show of now is counted from the open ones, few of many.
        Index("ix_reports_open", "id", postgresql_where=_RUNS, sqlite_where=_RUNS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    token: Mapped[str] = mapped_column(String(64))
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    submission_digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = mapped_column(words(ReportState))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    language: Mapped[str] = mapped_column(String(5))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    place_source: Mapped[PlaceSource | None] = mapped_column(words(PlaceSource))
    address_text: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    folded_text: Mapped[str] = mapped_column(Text)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("reporters.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    lead_assignment_id: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    rejection_text: Mapped[str] = mapped_column(Text, default="")
    asked_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    source: Mapped[str | None] = mapped_column(String(80))
    key_at_source: Mapped[str | None] = mapped_column(String(80))
    erasure_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    category: Mapped[Category | None] = relationship(viewonly=True)
    area: Mapped[Area | None] = relationship(viewonly=True)
    unit: Mapped[Unit | None] = relationship(viewonly=True)
    reporter: Mapped[Reporter | None] = relationship()
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.number", back_populates="report")
    assignments: Mapped[list["Assignment"]] = relationship(
        order_by="Assignment.id", back_populates="report"
    )


_UNKEPT = "outcome = 'planned' AND promise_kept_at IS NULL"
_IS_AWAITED = text("promised_on IS NOT NULL AND promise_kept_at IS NULL")
_AWAITED: dict[str, Any] = {"postgresql_where": _IS_AWAITED, "sqlite_where": _IS_AWAITED}


class Round(Model):
    """From first dispatch, or a reopening, to the close; owns the deadlines.

    `waited_minutes` is the lead's finished waiting on the level's clock, `waiting_since` its
    waiting now. `unit_id` is the round's lead unit, the last one when it is closed. `minutes` is
    how long a closed one took on its clock, the lead's waiting taken out. What was promised for
    `promised_on` was shown to be done at `promise_kept_at`.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        Index("uq_rounds_report_number", "report_id", "number", unique=True),
        Index("ix_rounds_promised", "unit_id", "promised_on", "id", **_AWAITED),
        # What was promised and not shown to be done runs on after the close: few of many.
        Index(
            "ix_rounds_awaited",
            "report_id",
            postgresql_where=text(_UNKEPT),
            sqlite_where=text(_UNKEPT),
        ),
        # Which rounds wait for a citizen: few of many.
        Index(
            "ix_rounds_waiting",
            "id",
            postgresql_where=text("waiting_since IS NOT NULL"),
            sqlite_where=text("waiting_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    service_level_id: Mapped[int] = mapped_column(ForeignKey("service_levels.id"))
    clock: Mapped[Clock] = mapped_column(words(Clock))
    calendar_version: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    original_due: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    waited_minutes: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    minutes: Mapped[int | None]
    promised_on: Mapped[date | None] = mapped_column(Date, index=True)
    promise_kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    report: Mapped[Report] = relationship(back_populates="rounds")
    service_level: Mapped[ServiceLevel] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True)


_IS_OPEN = text("state IN ('dispatched', 'in_progress', 'waiting', 'answered')")
_OPEN: dict[str, Any] = {"postgresql_where": _IS_OPEN, "sqlite_where": _IS_OPEN}


class Assignment(Model):
    """A report at one unit in one round, with its own state, handler and answer.

    `waiting_since` is since when it waits for the citizen, leading or not; `replied_at` when the
    citizen last wrote, until the unit takes its next step. `return_undecided`: the unit gave it
    back, and no dispatcher has decided what next.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_queue", "unit_id", "state", "due", "id"),
        Index("ix_assignments_handler", "handler_id", "state"),
        # Queues are read by what is due first, and what is done lies before all of it.
        Index("ix_assignments_open", "due", "id", **_OPEN),
        Index(
            "ix_assignments_open_unit",
            "unit_id",
            "due",
            "id",
            # A unit's work is counted from the index alone.
            postgresql_include=["handler_id", "state", "round_id"],
            **_OPEN,
        ),
        Index(
            "ix_assignments_undecided",
            "report_id",
            postgresql_where=text("return_undecided"),
            sqlite_where=text("return_undecided = 1"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("routing_rules.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[AssignmentState] = mapped_column(words(AssignmentState))
    version: Mapped[int] = mapped_column(default=1)
    due: Mapped[datetime] = mapped_column(UtcDateTime)  # its round's, repeated for the queue
    dispatched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_undecided: Mapped[bool] = mapped_column(default=False, server_default=false())
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    answer_text: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[date | None] = mapped_column(Date)

    report: Mapped[Report] = relationship(back_populates="assignments")
    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship(viewonly=True)
    handler: Mapped[Account | None] = relationship(viewonly=True)
