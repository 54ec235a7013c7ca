"""Versions of reference data, by which processes know when to reload it."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from feedback.storage.database import memory_of
from feedback.storage.models import ReferenceVersion

AREAS = "areas"
CALENDAR = "calendar"
DIRECTORY = "directory"
_READ = "reference_versions"

_ALL = select(ReferenceVersion.name, ReferenceVersion.version)


def current(session: Session) -> Mapping[str, int]:
    """The version of each kind of reference data that has ever been changed.

    A transaction reads them once, and again after a change of its own.
    """
    memory = memory_of(session)
    if _READ not in memory:
        memory[_READ] = {row.name: row.version for row in session.execute(_ALL)}
    versions: Mapping[str, int] = memory[_READ]
    return versions


def raise_version(session: Session, name: str) -> None:
    """Count one change, in the caller's transaction."""
    memory_of(session).pop(_READ, None)
    raised = session.scalar(
        update(ReferenceVersion)
        .where(ReferenceVersion.name == name)
        .values(version=ReferenceVersion.version + 1)
        .returning(ReferenceVersion.version),
        execution_options={"synchronize_session": False},
    )
    if raised is None:
        session.execute(insert(ReferenceVersion).values(name=name, version=1))
