"""Lives lived in several processes at once: they have nothing to do with each other.

On PostgreSQL all work in the same database. On SQLite, where one transaction at a time may write,
each process lives its share in a copy of the database, with numbers from a range of its own, and
the copies are brought together at the end. What comes of a life does not depend on the shares.
"""

import gc
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

from feedback.delivery.lifelines import end_with_parent
from feedback.extensions import db
from feedback.storage.database import use_passing_sqlite
from feedback.storage.shares import bring_together, copy_for_share

MOST_SHARES = 4
FEW = 200  # so many are lived before a second process has begun
Work = Callable[[int, int], None]
_FORK = multiprocessing.get_context("fork")


def shares_for(lives: int) -> int:
    """How many shares are worth their trouble on this machine, for so many lives."""
    return 1 if lives <= FEW else min(MOST_SHARES, len(os.sched_getaffinity(0)))


def side_by_side(work: Work, shares: int) -> None:
    """Call `work(share, shares)` for each share, each in a process of its own; one is done here.

    Nothing may be under way in the database. Raises RuntimeError when a process fails.
    """
    if shares == 1:
        work(0, 1)
        return
    db.session.remove()
    db.engine.dispose()  # a connection opened here would be shared by every fork
    if db.engine.dialect.name != "sqlite":
        _run(work, [None] * shares)
        return
    path = Path(str(db.engine.url.database))
    with tempfile.TemporaryDirectory(prefix=".shares-", dir=path.parent) as folder:
        copies = [Path(folder) / f"{share}.sqlite3" for share in range(shares)]
        for share, copy in enumerate(copies):
            copy_for_share(path, copy, share)
        _run(work, copies)
        bring_together(path, copies)


def _run(work: Work, copies: list[Path] | list[None]) -> None:
    children = [
        _FORK.Process(target=_live_share, args=(os.getpid(), work, share, len(copies), copy))
        for share, copy in enumerate(copies)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise RuntimeError("a share of the demo city could not be loaded; see above why")


def _live_share(parent: int, work: Work, share: int, shares: int, copy: Path | None) -> None:
    """The whole of a child: its share, and then the end, without the parent's clean-up."""
    end_with_parent(parent, signal.SIGKILL)
    gc.freeze()  # what is there by now stays, and need not be looked through again and again
    if copy is not None:
        use_passing_sqlite(db.engine, copy)
    work(share, shares)
    db.session.remove()
    db.engine.dispose()
