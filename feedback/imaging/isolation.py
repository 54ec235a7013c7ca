"""Decoding in a process that may die.

Decoders are C and C++ libraries reading files from strangers. Some damaged HEIC files end the
process with a segmentation fault, which no `except` catches: seen from the worker, the job would
vanish, be tried again, and vanish again. A child of our own turns that into an answer.
"""

import json
import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

from feedback.domain.states import PhotoProblem
from feedback.imaging.memory import DECODING_BYTES, memory_limit
from feedback.imaging.rejection import PhotoRejected
from feedback.imaging.rendering import Rendered, render

TIMEOUT_SECONDS = 60.0

_KILLED_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)
_FORK = multiprocessing.get_context("fork")


class DecodingInterrupted(RuntimeError):
    """The child was killed from outside; it says nothing about the file, so try again."""


def render_in_child(
    data: bytes,
    extra_bytes: int = DECODING_BYTES,
    timeout_seconds: float = TIMEOUT_SECONDS,
    renderer: Callable[[bytes], Rendered] = render,
) -> Rendered:
    """`render` in a forked child whose memory may grow by `extra_bytes`.

    Call it from a process with one thread. The child touches nothing but a pipe: if the caller is
    killed, it finishes into the void and ends.

    Raises PhotoRejected as `render` does; broken also when the file crashes its decoder or keeps
    it busy for longer than `timeout_seconds`. Raises DecodingInterrupted when the child was killed
    from outside, by the kernel's out-of-memory killer too.
    """
    receiver, sender = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_answer, args=(sender, data, extra_bytes, renderer), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(timeout_seconds):
            raise PhotoRejected(PhotoProblem.BROKEN)
        return _received(receiver)
    except (EOFError, ConnectionError) as error:
        child.join()
        if child.exitcode in _KILLED_FROM_OUTSIDE:
            raise DecodingInterrupted("the decoding process was killed") from error
        raise PhotoRejected(PhotoProblem.BROKEN) from error
    finally:
        receiver.close()
        child.kill()
        child.join()
        child.close()


def _answer(
    sender: Connection, data: bytes, extra_bytes: int, renderer: Callable[[bytes], Rendered]
) -> None:
    """The child's whole life: render, and send the outcome as plain bytes."""
    # The caller's handlers would run the caller's clean-up in here; a crash needs no core file.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with memory_limit(extra_bytes):
            rendered = renderer(data)
    except PhotoRejected as rejection:
        sender.send_bytes(json.dumps({"problem": rejection.problem}).encode())
        return
    sender.send_bytes(json.dumps({"size": [rendered.width, rendered.height]}).encode())
    sender.send_bytes(rendered.large)
    sender.send_bytes(rendered.small)


def _received(receiver: Connection) -> Rendered:
    """The child's outcome. Bytes and JSON, never pickles: a decoder may have been taken over."""
    outcome = json.loads(receiver.recv_bytes())
    if "problem" in outcome:
        raise PhotoRejected(PhotoProblem(outcome["problem"]))
    width, height = outcome["size"]
    return Rendered(receiver.recv_bytes(), receiver.recv_bytes(), width, height)
