"""Who says "I see this too" of somebody else's report, apart from the report and erasable."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import UtcDateTime


class Follower(Model):
    """One device that follows one report; the row goes when it stops, so that nothing is left.

    `device` is a keyed hash of the device's token, which the store never holds. `token` is the
    secret of the links in letters, another one with every address. `sealed` is the e-mail address
    of who wants news (`operations.followers` reads and writes it), `email_index` its blind index;
    nothing but the letter that asks for it goes there before `confirmed_at`.
    """

    __tablename__ = "followers"
    __table_args__ = (UniqueConstraint("report_id", "device"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    device: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(5))
    sealed: Mapped[str | None] = mapped_column(Text)
    email_index: Mapped[str | None] = mapped_column(String(64), index=True)
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    followed_at: Mapped[datetime] = mapped_column(UtcDateTime)
