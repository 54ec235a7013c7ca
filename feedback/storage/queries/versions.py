"""Versions of reference data, by which processes know when to reload it."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from feedback.storage.models import ReferenceVersion

AREAS = "areas"
CALENDAR = "calendar"
DIRECTORY = "directory"

_ALL = select(ReferenceVersion.name, ReferenceVersion.version)


def current(session: Session) -> Mapping[str, int]:
    """The version of each kind of reference data that has ever been changed."""
    return {row.name: row.version for row in session.execute(_ALL)}


def raise_version(session: Session, name: str) -> None:
    """Count one change, in the caller's transaction."""
    raised = session.scalar(
        update(ReferenceVersion)
        .where(ReferenceVersion.name == name)
        .values(version=ReferenceVersion.version + 1)
        .returning(ReferenceVersion.version),
        execution_options={"synchronize_session": False},
    )
    if raised is None:
        session.execute(insert(ReferenceVersion).values(name=name, version=1))
