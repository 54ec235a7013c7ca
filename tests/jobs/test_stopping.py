"""A loop that is asked to end finishes what it does, and leaves what it only waits for."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from feedback.jobs.stopping import Stop

AGES_SECONDS = 60.0


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Takes the signals for the length of a test."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)}
    yield Stop()
    for signum, handler in before.items():
        signal.signal(signum, handler)


def ask(signum: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), signum)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_wait_is_left_at_once(stop: Stop, signum: int) -> None:
    asking = threading.Timer(0.1, ask, [signum])
    began = time.monotonic()
    asking.start()
    stop.sleep(AGES_SECONDS)
    assert stop.asked
    assert time.monotonic() - began < AGES_SECONDS / 2


def test_work_is_not_interrupted(stop: Stop) -> None:
    ask()
    assert stop.asked  # and no exception came up here


def test_a_wait_after_the_question_does_not_begin(stop: Stop) -> None:
    ask()
    stop.wait(lambda: pytest.fail("it waited"))


def test_an_error_of_what_was_waited_for_is_passed_on(stop: Stop) -> None:
    def broken() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        stop.wait(broken)
    ask()  # nothing waits any more, so nothing is thrown
    assert stop.asked
