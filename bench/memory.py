"""How much memory a process and its children take together, at most."""

import threading
from pathlib import Path

EVERY_SECONDS = 0.25


class Peak:
    """Looks at a process and its children again and again while the block runs; `mib` is the most.

    What several of them share is counted once (their proportional set sizes).
    """

    def __init__(self, pid: int) -> None:
        self.mib = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> "Peak":
        self._watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            self.mib = max(self.mib, sum(_mib(pid) for pid in _with_children(self._pid)))


def _with_children(pid: int) -> list[int]:
    """A process, its children and theirs."""
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [pid, *(found for word in words.split() for found in _with_children(int(word)))]


def _mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
