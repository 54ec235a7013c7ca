"""What the wall of the operations centre shows, ready for its page."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from feedback.extensions import Model
from feedback.storage.types import JsonColumn, UtcDateTime


class WallSnapshot(Model):
    """The boards of one wall as they were at `data_time`; there is one row for the city.

    It can be thrown away: a job makes it anew every minute.
    """

    __tablename__ = "wall_snapshots"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    boards: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    data_time: Mapped[datetime] = mapped_column(UtcDateTime)
