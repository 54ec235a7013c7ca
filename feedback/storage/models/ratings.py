"""Citizens' ratings of a result."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedback.domain.states import RatingLevel
from feedback.extensions import Model
from feedback.storage.types import UtcDateTime, words


class Rating(Model):
    """A rating of one close; the latest of a round counts, the earlier ones are kept."""

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    level: Mapped[RatingLevel] = mapped_column(words(RatingLevel))
    comment: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
