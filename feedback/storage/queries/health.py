"""What the database says about the state of the installation."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from feedback.storage.models import Heartbeat
from feedback.storage.queries import outbox


@dataclass(frozen=True, slots=True)
class WorkState:
    """How the promised work stands: moments in UTC, None when there is nothing to tell."""

    relay_heard_at: datetime | None
    oldest_undone: datetime | None
    dead_letters: int


def schema_is_newest(session: Session, migrations: str) -> bool:
    """Whether every migration of the folder has been run on the database."""
    return MigrationContext.configure(session.connection()).get_current_heads() == _heads(
        migrations
    )


@cache
def _heads(migrations: str) -> tuple[str, ...]:
    return tuple(ScriptDirectory(migrations).get_heads())


def work_state(session: Session, relay: str) -> WorkState:
    """The outbox as it stands, and the last sign of life of the relay of this name."""
    heartbeat = session.get(Heartbeat, relay, populate_existing=True)
    return WorkState(
        relay_heard_at=heartbeat.at if heartbeat else None,
        oldest_undone=outbox.oldest_undone(session),
        dead_letters=outbox.count_dead(session),
    )
