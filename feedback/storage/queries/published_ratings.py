"""The monthly tables of ratings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.storage.models import PublishedRatings


def months(session: Session) -> set[str]:
    """The months that have been published."""
    return set(session.scalars(select(PublishedRatings.month)))


def published(session: Session) -> Sequence[PublishedRatings]:
    """Everything published, the latest month first."""
    return session.scalars(select(PublishedRatings).order_by(PublishedRatings.month.desc())).all()
