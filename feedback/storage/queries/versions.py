"""Versions of reference data, by which processes know when to reload it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.storage.models import ReferenceVersion


def current(session: Session, name: str) -> int:
    """The version of one kind of reference data; 0 before its first change."""
    found = session.scalar(select(ReferenceVersion.version).where(ReferenceVersion.name == name))
    return found or 0


def raise_version(session: Session, name: str) -> int:
    """Count one change, in the caller's transaction, and return the new version."""
    row = session.get(ReferenceVersion, name, with_for_update=True)
    if row is None:
        row = ReferenceVersion(name=name, version=0)
        session.add(row)
    row.version += 1
    return row.version
