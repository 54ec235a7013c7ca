"""Decoding in a child process that may die without taking anything along."""

import faulthandler
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

from feedback.domain.states import PhotoProblem
from feedback.imaging import DecodingInterrupted, PhotoRejected, Rendered, render, render_in_child
from tests.imaging.pictures import create_scene, encoded

PICTURE = encoded(create_scene(), "JPEG")


def ends_by(number: signal.Signals) -> Callable[[bytes], Rendered]:
    """A decoder whose process dies of this signal."""

    def renderer(data: bytes) -> NoReturn:
        # pytest's handler would print the crash that is wanted here.
        faulthandler.disable()
        os.kill(os.getpid(), number)
        raise AssertionError("still alive")

    return renderer


def problem_of(data: bytes, **options: object) -> PhotoProblem:
    with pytest.raises(PhotoRejected) as caught:
        render_in_child(data, **options)  # type: ignore[arg-type]
    return caught.value.problem


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_the_child_gives_what_rendering_gives(kind: str) -> None:
    content = encoded(create_scene(), kind)
    assert render_in_child(content) == render(content)


def test_large_results_come_through_whole() -> None:
    content = encoded(Image.effect_noise((1600, 1600), 90).convert("RGB"), "JPEG", quality=95)
    rendered = render_in_child(content)
    assert len(rendered.large) > 500_000
    assert rendered == render(content)


def test_a_refusal_comes_through_with_its_reason() -> None:
    assert problem_of(encoded(create_scene(), "GIF")) is PhotoProblem.UNSUPPORTED_FORMAT
    assert problem_of(PICTURE[:-100]) is PhotoProblem.BROKEN
    assert problem_of(b"") is PhotoProblem.EMPTY


def test_the_ceiling_applies() -> None:
    def renderer(data: bytes) -> Rendered:
        try:
            bytearray(2**31)
        except MemoryError as error:
            raise PhotoRejected(PhotoProblem.TOO_MUCH_MEMORY) from error
        raise AssertionError("no ceiling")

    assert problem_of(PICTURE, renderer=renderer) is PhotoProblem.TOO_MUCH_MEMORY


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE])
def test_a_file_that_crashes_its_decoder_is_broken(number: signal.Signals) -> None:
    assert problem_of(PICTURE, renderer=ends_by(number)) is PhotoProblem.BROKEN


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_killed_from_outside_says_nothing_about_the_file(number: signal.Signals) -> None:
    with pytest.raises(DecodingInterrupted):
        render_in_child(PICTURE, renderer=ends_by(number))


def test_a_file_that_never_ends_is_given_up() -> None:
    def renderer(data: bytes) -> Rendered:
        while True:
            signal.pause()

    assert problem_of(PICTURE, renderer=renderer, timeout_seconds=0.05) is PhotoProblem.BROKEN


def children() -> set[str]:
    """The process ids of this process's children, zombies included.

    The test run has others, such as the browser's driver and the database server.
    """
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for one in lists for pid in one.read_text().split()}


def test_no_child_is_left_behind() -> None:
    before = children()
    render_in_child(PICTURE)
    problem_of(PICTURE, renderer=ends_by(signal.SIGSEGV))
    assert children() - before == set()
