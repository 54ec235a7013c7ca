"""Setting in a process of its own, that can reach nothing and may die.

Typst is asked to read no file and to fetch no package, and no word of a citizen is markup. Should
all of that fail, the child still cannot open a file or a connection: once templates and faces are
in memory it gives up the right to. A document that needs too much memory or time is an error of
that document, and the worker goes on.
"""

import json
import multiprocessing
import resource
import signal
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from feedback.printing.setting import PrintingFailed, Setter, Template

TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 1024 * 1024 * 1024
_FORK = multiprocessing.get_context("fork")


def print_document(
    template: Template,
    data: Mapping[str, Any],
    at: datetime,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> bytes:
    """The PDF of a template filled with plain data (what JSON can hold).

    `at` is the data time: the same three give the same bytes. Call it from a process with one
    thread. Raises PrintingFailed, also when it took longer than `timeout_seconds`.
    """
    receiver, sender = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_answer, args=(sender, template, data, at), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(timeout_seconds):
            raise PrintingFailed(f"not set within {timeout_seconds:g} seconds")
        outcome = json.loads(receiver.recv_bytes())
        if "problem" in outcome:
            raise PrintingFailed(outcome["problem"])
        return receiver.recv_bytes()
    except (EOFError, ConnectionError) as error:
        raise PrintingFailed("the process that set it has died") from error
    finally:
        receiver.close()
        child.kill()
        child.join()
        child.close()


def _answer(sender: Connection, template: Template, data: Mapping[str, Any], at: datetime) -> None:
    """The child's whole life: set, and send the outcome."""
    # The caller's handlers would run the caller's clean-up in here; a crash needs no core file.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        setter = Setter()
        shut_in()
        made = setter.pdf(template, data, at)
    except PrintingFailed as failed:
        sender.send_bytes(json.dumps({"problem": str(failed)}).encode())
        return
    sender.send_bytes(json.dumps({}).encode())
    sender.send_bytes(made)


def shut_in() -> None:
    """Give up opening files and connections for good, and growing by more than a gigabyte."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
