"""The history of reference data: appended in the transaction of each change, never edited."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.types import JsonColumn, UtcDateTime, words


class ReferenceChange(Model):
    """One change of one thing. `object_key` is its id, `name` what it was called then.

    `before` and `after` hold the fields that changed. Without an account it was the operator, at
    the command line. The id of a thing's latest change is the version that forms carry.
    """

    __tablename__ = "reference_changes"
    __table_args__ = (Index("ix_reference_changes_object", "kind", "object_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReferenceKind] = mapped_column(words(ReferenceKind))
    object_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    action: Mapped[ChangeAction] = mapped_column(words(ChangeAction))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    after: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    note: Mapped[str] = mapped_column(Text, default="")

    account: Mapped[Account | None] = relationship(viewonly=True)
