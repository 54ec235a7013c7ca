"""Service counters, the devices that stand at them, and what people say of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.states import CounterChannel, CounterFlag, CounterReason, RatingLevel
from feedback.extensions import Model
from feedback.storage.models.units import Unit
from feedback.storage.types import UtcDateTime, words


class Counter(Model):
    """A counter of a unit. `code` stands in its public address and holds no secret."""

    __tablename__ = "counters"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship(viewonly=True)


class Kiosk(Model):
    """A device of the city's own that stands at a counter.

    `invitation` is the hash of the secret of its one-time link, until the device has used it or
    `invited_until` has passed; `key` is the hash of the secret the device holds from then on.
    """

    __tablename__ = "kiosks"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    invitation: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    counter: Mapped[Counter] = relationship(viewonly=True)


class CounterRating(Model):
    """One press of a face. A doubtful one is flagged with why, and kept.

    `device` is a keyed hash of what is known of the device, `token` the secret by which whoever
    pressed may add a reason for a while. Nothing tells who it was.
    """

    __tablename__ = "counter_ratings"
    __table_args__ = (
        Index("ix_counter_ratings_counter", "counter_id", "rated_at"),
        Index("ix_counter_ratings_device", "device", "counter_id", "rated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"))
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("kiosks.id"))
    channel: Mapped[CounterChannel] = mapped_column(words(CounterChannel))
    level: Mapped[RatingLevel] = mapped_column(words(RatingLevel))
    reason: Mapped[CounterReason | None] = mapped_column(words(CounterReason))
    comment: Mapped[str] = mapped_column(Text, default="")
    device: Mapped[str] = mapped_column(String(64))
    flag: Mapped[CounterFlag | None] = mapped_column(words(CounterFlag))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    counter: Mapped[Counter] = relationship(viewonly=True)
