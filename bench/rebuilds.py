"""Every figure of a city computed from the beginning, by a process whose memory is watched."""

import multiprocessing
import time

from flask import Flask

from bench import city
from bench.memory import Peak
from bench.rows import Row
from feedback.operations.rebuild_statistics import rebuild_all


def rebuilt(app: Flask, count: int, longest: str) -> list[Row]:
    """How long it took for so many reports, and how much memory; `longest` is what is wanted.

    The application must have no connection open: the process is forked.
    """
    child = multiprocessing.get_context("fork").Process(target=_rebuild, args=(app,))
    began = time.perf_counter()
    child.start()
    assert child.pid is not None
    with Peak(child.pid) as peak:
        child.join()
    assert child.exitcode == 0
    took = time.perf_counter() - began
    return [
        Row(f"every figure of {count:,} reports anew", f"{took:.0f} s", longest),
        Row("… most memory of its processes together", f"{peak.mib:.0f} MiB", "≤ 500 MB"),
    ]


def _rebuild(app: Flask) -> None:
    with app.app_context():
        rebuild_all(app.extensions["city"], city.now())
