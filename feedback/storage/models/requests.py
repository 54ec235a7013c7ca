"""What units ask the operations centre for: another unit, or more time."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.states import CaseRequestKind, CaseRequestState
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.reports import Assignment
from feedback.storage.models.units import Unit
from feedback.storage.types import UtcDateTime, words


class CaseRequest(Model):
    """A unit's proposal to transfer its case (to `wanted_unit_id`, where it knows one), or its
    head's wish for a later due moment (`wanted_due`); a dispatcher decides."""

    __tablename__ = "case_requests"
    __table_args__ = (Index("ix_case_requests_state", "state", "asked_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    kind: Mapped[CaseRequestKind] = mapped_column(words(CaseRequestKind))
    state: Mapped[CaseRequestState] = mapped_column(words(CaseRequestState))
    wanted_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    wanted_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    assignment: Mapped[Assignment] = relationship(viewonly=True)
    wanted_unit: Mapped[Unit | None] = relationship(viewonly=True)
    asked_by: Mapped[Account | None] = relationship(foreign_keys=asked_by_id, viewonly=True)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id, viewonly=True)
