"""Photos: of a report, of an answer's evidence, of a rating, of a message."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.domain.states import PhotoProblem, PhotoPurpose, PhotoState
from feedback.extensions import Model
from feedback.storage.types import UtcDateTime, words


class Photo(Model):
    """One photo on its way from an upload to two re-encoded sizes.

    `upload_id` is the secret the uploader names it by until it is attached. `original_key` is empty
    once the original is deleted; `original_sha256` remains to recognise a repeated send.
    """

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[PhotoPurpose] = mapped_column(words(PhotoPurpose))
    state: Mapped[PhotoState] = mapped_column(words(PhotoState))
    problem: Mapped[PhotoProblem | None] = mapped_column(words(PhotoProblem))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("ratings.id"), index=True)
    counter_rating_id: Mapped[int | None] = mapped_column(
        ForeignKey("counter_ratings.id"), index=True
    )
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    original_key: Mapped[str] = mapped_column(String(120))
    original_sha256: Mapped[str] = mapped_column(String(64))
    original_bytes: Mapped[int]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    large_key: Mapped[str] = mapped_column(String(120), default="", index=True)
    small_key: Mapped[str] = mapped_column(String(120), default="", index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
