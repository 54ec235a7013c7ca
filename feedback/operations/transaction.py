"""The one way a use case changes the store."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from feedback.extensions import db
from feedback.operations.city import City
from feedback.storage.database import is_writing, writing

_PROMISED = "work_was_promised"


@contextmanager
def transaction(city: City) -> Iterator[Session]:
    """One transaction, committed at the end, with the relay woken when it promised work."""
    with writing(db.session) as session:
        session.info.pop(_PROMISED, None)
        yield session
    if session.info.pop(_PROMISED, False):
        city.ring()


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the store that ends with the block, so that no transaction stays open meanwhile."""
    session = db.session()
    if is_writing(session):
        raise RuntimeError("a look inside a transaction would undo it")
    try:
        yield session
    finally:
        session.rollback()


def note_promise(session: Session) -> None:
    """Remember that this transaction wrote outbox rows, so that its commit rings the doorbell."""
    session.info[_PROMISED] = True
