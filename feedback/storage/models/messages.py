"""What is said about a case beside its steps: questions, replies, notes."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.states import MessageKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.types import UtcDateTime, words


class Message(Model):
    """A question to the citizen, a citizen's reply to one, or a note.

    Its words are the note of the history entry that names it, so that they are kept, and erased,
    in one place. Photos and documents belong to it. `public` notes are for everybody to read;
    questions and replies are for the reporter and for staff.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    public: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account | None] = relationship(viewonly=True)
