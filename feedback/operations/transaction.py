"""The one way a use case changes the store."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from feedback.extensions import db
from feedback.operations.city import City
from feedback.storage.database import is_joined, is_writing, joining, writing

_PROMISED = "work_was_promised"


@contextmanager
def transaction(city: City) -> Iterator[Session]:
    """One transaction, committed at the end, with the relay woken when it promised work."""
    with writing(db.session) as session:
        if not is_joined(session):
            session.info.pop(_PROMISED, None)
        yield session
    if not is_joined(session):
        _ring_for_promises(session, city)


@contextmanager
def joined_transactions(city: City) -> Iterator[None]:
    """Let the use cases called inside share one transaction, committed at the end.

    When one of them fails, nothing of any is stored (RuntimeError). Only for filling a database
    that nobody uses yet, where it saves reading again what the step before has just written.
    """
    with joining(db.session) as session:
        session.info.pop(_PROMISED, None)
        yield
    _ring_for_promises(session, city)


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the store that ends with the block, so that no transaction stays open meanwhile."""
    session = db.session()
    if is_writing(session):
        raise RuntimeError("a look inside a transaction would undo it")
    if is_joined(session):
        yield session
        return
    try:
        yield session
    finally:
        session.rollback()


def note_promise(session: Session) -> None:
    """Remember that this transaction wrote outbox rows, so that its commit rings the doorbell."""
    session.info[_PROMISED] = True


def _ring_for_promises(session: Session, city: City) -> None:
    if session.info.pop(_PROMISED, False):
        city.ring()
