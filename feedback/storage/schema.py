"""The migrations: which there are, and running them on a connection."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

NEWEST = "head"


def newest(folder: str) -> str:
    """The last migration of a folder."""
    return str(ScriptDirectory(folder).get_current_head())


def is_known(folder: str, revision: str) -> bool:
    """Whether a migration is one of the folder's."""
    try:
        return ScriptDirectory(folder).get_revision(revision) is not None
    except CommandError:
        return False


def migrate(folder: str, connection: Connection, revision: str) -> None:
    """Migrate up to a revision, in the transaction that is open on the connection.

    Needs an application context, as every migration does.
    """
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
