"""The longest time and the most memory that any of two thousand hostile files costs its child.

Each is rendered as a job does it, in a forked child; what its header alone gives away never gets
there. The memory is the child's highest resident size, that of the forking process included.
"""

import io
import multiprocessing
import resource
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from bench.rows import Row
from feedback.imaging import PhotoRejected, inspect_header, render_in_child
from tests.support.hostile import hostile_files

MEGABYTE = 1024


def run() -> list[Row]:
    """The worst of all files, by time and by memory."""
    refused, rendered = 0, []
    for file in hostile_files():
        try:
            inspect_header(io.BytesIO(file.content), len(file.content))
        except PhotoRejected:
            refused += 1
            continue
        rendered.append((*_cost(file.content), file.what))
    slowest, hungriest = max(rendered), max(rendered, key=lambda cost: cost[1])
    return [
        Row("hostile files, the longest in its child", f"{slowest[0]:.2f} s", "≤ 2 s"),
        Row(f"… {slowest[2]}; {refused} of all were refused by their header", f"{len(rendered)}"),
        Row("hostile files, the most memory of a child", f"{hungriest[1]:.0f} MB", "≤ 600 MB"),
        Row("… it was", hungriest[2]),
    ]


def _cost(content: bytes) -> tuple[float, float]:
    """Seconds and megabytes of one file, measured in a process of its own."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, content))
    process.start()
    cost: tuple[float, float] = receiver.recv()
    process.join()
    return cost


def _measure(sender: Connection, content: bytes) -> None:
    began = time.perf_counter()
    with suppress(PhotoRejected):  # an answer too: what it cost is what is asked
        render_in_child(content)
    seconds = time.perf_counter() - began
    highest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE
    sender.send((seconds, highest))
