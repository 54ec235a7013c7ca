"""What units have undertaken to reach."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.share_measures import ShareMeasure
from feedback.domain.targets import TargetKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.units import Unit
from feedback.storage.types import UtcDateTime, words


class Target(Model):
    """One share a unit is to reach in a month, quarter or year; in force once its head signed.

    `value` is in hundredths of a percent. A relative one is held against `base_period`, with the
    figure that stood when it was proposed (`base_part` of `base_whole`); `signed_part` of
    `signed_whole` is how the unit stood when its head signed, None before the period begins.
    """

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("unit_id", "measure", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    measure: Mapped[ShareMeasure] = mapped_column(words(ShareMeasure))
    period: Mapped[str] = mapped_column(String(7), index=True)
    kind: Mapped[TargetKind] = mapped_column(words(TargetKind))
    value: Mapped[int]
    base_period: Mapped[str | None] = mapped_column(String(7))
    base_part: Mapped[int | None]
    base_whole: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signed_part: Mapped[int | None]
    signed_whole: Mapped[int | None]

    unit: Mapped[Unit] = relationship(viewonly=True)
    proposed_by: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[proposed_by_id])
    signed_by: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[signed_by_id])


class CommitmentSheet(Model):
    """A unit's targets for a period on paper, as they stood at some time; never changed or removed.

    `state` is the fingerprint of what stands on it, `vi_key` and `en_key` are its two files.
    """

    __tablename__ = "commitment_sheets"
    __table_args__ = (UniqueConstraint("unit_id", "period", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    period: Mapped[str] = mapped_column(String(7), index=True)
    state: Mapped[str] = mapped_column(String(64))
    vi_key: Mapped[str] = mapped_column(String(120))
    en_key: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
