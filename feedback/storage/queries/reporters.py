"""Reporters by what is known of them without opening anything."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.storage.models import Reporter


def with_index(
    session: Session, email_indexes: Sequence[str], phone_indexes: Sequence[str]
) -> Sequence[Reporter]:
    """Reporters whose e-mail address or telephone number has one of these blind indexes."""
    if not email_indexes and not phone_indexes:
        return []
    query = select(Reporter).where(
        or_(Reporter.email_index.in_(email_indexes), Reporter.phone_index.in_(phone_indexes))
    )
    return session.scalars(query.order_by(Reporter.id)).all()


def unsealed(session: Session) -> Sequence[Reporter]:
    """Rows from before sealing: written by the old code while a new version was installed."""
    query = select(Reporter).where(Reporter.sealed.is_(None))
    return session.scalars(query.order_by(Reporter.id)).all()
