"""Areas: the named polygons a city is divided into."""

from datetime import date

from sqlalchemy import Date, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model


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
