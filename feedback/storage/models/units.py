"""Units: who handles reports."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.domain.states import UnitKind
from feedback.extensions import Model
from feedback.storage.types import words


class Unit(Model):
    """An office, ward or utility; `successor_id` is who took over when it was dissolved.

    `head_account_id` is the person it is led by, `duty_*` whom staff reach outside office hours.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    head_account_id: Mapped[int | None]  # no foreign key: accounts name their unit already
    duty_phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    duty_email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    duty_note: Mapped[str] = mapped_column(String(400), default="", server_default="")
