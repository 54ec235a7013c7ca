"""Categories: what can be reported, in groups, each with its service level."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.states import Clock, VisibilityPolicy
from feedback.extensions import Model
from feedback.storage.types import words


class CategoryGroup(Model):
    """A heading that categories stand under."""

    __tablename__ = "category_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)


class Category(Model):
    """One kind of matter. `keywords` help the search (folded, space separated).

    `retention_days` after the close a report loses what is personal; None keeps the city's usual.
    """

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("category_groups.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    keywords: Mapped[str] = mapped_column(String(400), default="")
    visibility_policy: Mapped[VisibilityPolicy] = mapped_column(words(VisibilityPolicy))
    rounds_point: Mapped[bool] = mapped_column(default=False)
    service_level_code: Mapped[str] = mapped_column(String(40))
    retention_days: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    group: Mapped[CategoryGroup] = relationship()


class ServiceLevel(Model):
    """One version of a promise; the version in force is the latest `valid_from` of its code.

    On the working clock `resolve_days` counts working days; round the clock `resolve_minutes`
    counts plain minutes. The other minutes are on the level's own clock.
    """

    __tablename__ = "service_levels"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date] = mapped_column(Date)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    clock: Mapped[Clock] = mapped_column(words(Clock))
    accept_minutes: Mapped[int]
    resolve_days: Mapped[int | None]
    resolve_minutes: Mapped[int | None]
    waiting_limit_minutes: Mapped[int]
    approval_needed: Mapped[bool] = mapped_column(default=False)
    evidence_needed: Mapped[bool] = mapped_column(default=True)
