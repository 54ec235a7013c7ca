"""What has been published of ratings, as it was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import JsonColumn, UtcDateTime


class PublishedRatings(Model):
    """The tables of one month, "2026-10", made once and never changed.

    A table made again after somebody has rated anew could be taken from the first one.
    """

    __tablename__ = "published_ratings"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    tables: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
