"""Letters of apology for late results, and the versions of the text they are made from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.letters import DiscardReason, LetterState
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.models.reports import Report, Round
from feedback.storage.models.units import Unit
from feedback.storage.types import JsonColumn, UtcDateTime, words


class LetterTemplate(Model):
    """One version of the letter's text, in force from a day until the next one's.

    `legal_basis` is what the letter rests on, in words. `authority` stands above the unit's name,
    `place` before the day, `symbol` after the number, `signer_title` over the signature, `copies`
    are who gets one, a line each.
    """

    __tablename__ = "letter_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, unique=True)
    title: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(String(300))
    addressee: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(80))
    symbol: Mapped[str] = mapped_column(String(40))
    signer_title: Mapped[str] = mapped_column(String(120))
    copies: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


_IS_UNSIGNED = text("state IN ('drafted', 'edited')")
_UNSIGNED: dict[str, Any] = {"postgresql_where": _IS_UNSIGNED, "sqlite_where": _IS_UNSIGNED}


class Letter(Model):
    """The letter for one due moment of a round.

    `number` says for the how-manieth time the citizen is put off. What was signed stands in `text`,
    with its `fingerprint`, and never changes; `file_key` is the PDF made of it.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("uq_letters_round_due", "round_id", "due", unique=True),
        Index("ix_letters_unsigned", "unit_id", "due", "id", **_UNSIGNED),
        Index("ix_letters_unit_signed", "unit_id", "signed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    template_id: Mapped[int] = mapped_column(ForeignKey("letter_templates.id"))
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[int]
    state: Mapped[LetterState] = mapped_column(words(LetterState))
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text, default="")
    new_date: Mapped[date | None] = mapped_column(Date)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    file_key: Mapped[str] = mapped_column(String(120), default="")
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    discarded_because: Mapped[DiscardReason | None] = mapped_column(words(DiscardReason))

    report: Mapped[Report] = relationship(viewonly=True)
    round: Mapped[Round] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True)
    template: Mapped[LetterTemplate] = relationship(viewonly=True)
    signed_by: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[signed_by_id])
