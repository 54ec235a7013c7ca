"""Promised work: what is due, held, undone or given up."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from feedback.storage.models import OutboxRow, OutboxState

UNDONE = (OutboxState.PENDING, OutboxState.LEASED)


def due_exists(session: Session, names: Collection[str], now: datetime) -> bool:
    """Whether any work of these subscriptions waits to be handed out."""
    return bool(session.scalar(select(select(OutboxRow.id).where(*_due(names, now)).exists())))


def due_for_claim(
    session: Session, names: Collection[str], now: datetime, limit: int
) -> Sequence[OutboxRow]:
    """The longest due rows of these subscriptions, locked; those another relay holds are left out.

    A leased row is due when its lease is over.
    """
    query = select(OutboxRow).where(*_due(names, now)).order_by(OutboxRow.next_at, OutboxRow.id)
    return session.scalars(query.limit(limit).with_for_update(skip_locked=True)).all()


def held(session: Session, row_ids: Iterable[int]) -> Sequence[OutboxRow]:
    """These rows, locked in one order, so that two jobs cannot wait for each other."""
    query = select(OutboxRow).where(OutboxRow.id.in_(list(row_ids))).order_by(OutboxRow.id)
    return session.scalars(query.with_for_update()).all()


def subscriptions_at_work(session: Session, names: Collection[str], now: datetime) -> set[str]:
    """Those of these subscriptions with a job that is queued or runs, as far as its lease tells."""
    query = select(OutboxRow.subscription).where(
        OutboxRow.state == OutboxState.LEASED,
        OutboxRow.next_at > now,
        OutboxRow.subscription.in_(names),
    )
    return set(session.scalars(query.distinct()))


def dead(session: Session) -> Sequence[OutboxRow]:
    """The work that was given up, oldest first."""
    query = select(OutboxRow).where(OutboxRow.state == OutboxState.DEAD)
    return session.scalars(query.order_by(OutboxRow.id)).all()


def dead_of(session: Session, subscription: str) -> Sequence[OutboxRow]:
    """The work of one kind that was given up, locked, in order."""
    query = select(OutboxRow).where(
        OutboxRow.state == OutboxState.DEAD, OutboxRow.subscription == subscription
    )
    return session.scalars(query.order_by(OutboxRow.id).with_for_update()).all()


def given_up(session: Session, names: Collection[str], key: str, value: int) -> bool:
    """Whether work of some subscriptions with this number in its payload was given up."""
    query = select(OutboxRow.id).where(
        OutboxRow.state == OutboxState.DEAD,
        OutboxRow.subscription.in_(names),
        OutboxRow.payload[key].as_integer() == value,
    )
    return session.scalar(query.limit(1)) is not None


def count_dead(session: Session, subscription: str | None = None) -> int:
    """How many rows were given up, of all kinds of work or of one."""
    query = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == OutboxState.DEAD)
    if subscription is not None:
        query = query.where(OutboxRow.subscription == subscription)
    return session.scalar(query) or 0


def counts(session: Session) -> Mapping[tuple[str, OutboxState], int]:
    """How many rows of each subscription are in each state, but for those that are done."""
    rows = session.execute(
        select(OutboxRow.subscription, OutboxRow.state, func.count())
        .where(OutboxRow.state != OutboxState.DONE)
        .group_by(OutboxRow.subscription, OutboxRow.state)
    )
    return {(subscription, state): count for subscription, state, count in rows}


def oldest_undone(session: Session) -> datetime | None:
    """When the oldest work that is still to be done was promised."""
    return session.scalar(select(func.min(OutboxRow.created_at)).where(OutboxRow.state.in_(UNDONE)))


def remove_done(session: Session, before: datetime) -> int:
    """Delete rows done before a moment; returns how many."""
    done = delete(OutboxRow).where(OutboxRow.state == OutboxState.DONE, OutboxRow.done_at < before)
    result = session.execute(done.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount


def _due(names: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxRow.state.in_(UNDONE),
        OutboxRow.next_at <= now,
        OutboxRow.subscription.in_(names),
    )
