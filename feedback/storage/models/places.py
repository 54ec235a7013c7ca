"""Areas: the named polygons a city is divided into."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import UtcDateTime


class Area(Model):
    """A ward. Mergers re-used codes and names, so the key is (official_code, valid_from)."""

    __tablename__ = "areas"
    __table_args__ = (UniqueConstraint("official_code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    official_code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    full_name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    folded_name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    geometry: Mapped[str] = mapped_column(Text)  # GeoJSON geometry, WGS84
    approximate: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")


class AreaDraft(Model):
    """A file of areas that an administrator has sent and not taken over yet; one a person."""

    __tablename__ = "area_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    approximate: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
