"""Work done aside: by forks that read the database on their own and send back what they found."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from feedback.delivery.garbage import spare_what_is_there
from feedback.delivery.lifelines import end_with_parent
from feedback.extensions import db

Item = TypeVar("Item")
Found = TypeVar("Found")


def processors() -> int:
    """How many processes this machine can run at once."""
    return len(os.sched_getaffinity(0))


def map_aside(
    work: Callable[[Item], Found], items: Iterable[Item], processes: int
) -> Iterator[Found]:
    """`work(item)` of each item in their order, done by so many forks of this process.

    They see what is committed, not what is under way here. No more is begun than one item for each
    process and one ahead, so that what was found does not pile up. An error in one is raised here.
    """
    spare_what_is_there()
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _begin, (os.getpid(), work)) as pool:
        begun = deque[multiprocessing.pool.AsyncResult[Found]]()
        for item in items:
            if len(begun) > processes:
                yield begun.popleft().get()
            begun.append(pool.apply_async(_do, (item,)))
        while begun:
            yield begun.popleft().get()


_own_work: list[Callable[[Any], Any]] = []


def _begin(parent: int, work: Callable[[Any], Any]) -> None:
    """Leave alone what belongs to the parent: its session and the connections it has open.

    The work comes with the fork and need not be such as can be sent.
    """
    end_with_parent(parent, signal.SIGKILL)
    _own_work.append(work)
    db.session.registry.clear()
    db.engine.dispose(close=False)


def _do(item: Any) -> Any:
    return _own_work[-1](item)
