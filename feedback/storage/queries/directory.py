"""All of what reports are routed by, as the directory is built from it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.storage.models import Category, RoutingRule, ServiceLevel, Unit


def units(session: Session) -> Sequence[Unit]:
    """Every unit there has been."""
    return session.scalars(select(Unit)).all()


def categories(session: Session) -> Sequence[Category]:
    """Every category there has been."""
    return session.scalars(select(Category)).all()


def service_levels(session: Session) -> Sequence[ServiceLevel]:
    """Every version of every service level."""
    return session.scalars(select(ServiceLevel)).all()


def routing_rules(session: Session) -> Sequence[RoutingRule]:
    """Every rule, in force or not."""
    return session.scalars(select(RoutingRule)).all()
