"""The memory ceiling round decoding, each time in a process of its own."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging.pictures import encoded

MIB = 1024 * 1024
ROOT = Path(__file__).parents[2]

RENDER = """
import sys
from feedback.imaging import PhotoRejected, memory_limit, render
content = sys.stdin.buffer.read()
try:
    with memory_limit(int(sys.argv[1])):
        render(content)
    print("rendered", end="")
except PhotoRejected as rejection:
    print(rejection.problem.value, end="")
"""

GROW = """
from feedback.imaging import memory_limit
try:
    with memory_limit(64 * 1024 * 1024):
        bytearray(128 * 1024 * 1024)
    print("grew", end="")
except MemoryError:
    print("refused, afterwards", len(bytearray(128 * 1024 * 1024)), end="")
"""

LIMITS = """
import resource, sys
from feedback.imaging import memory_limit
outside = (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_AS)[1])
resource.setrlimit(resource.RLIMIT_AS, outside)
with memory_limit(int(sys.argv[2])):
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
assert hard == outside[1]
assert resource.getrlimit(resource.RLIMIT_AS) == outside
print(soft, end="")
"""


def answer_of(script: str, *arguments: int, content: bytes = b"") -> str:
    """What a fresh process prints; a process that crashes fails the test.

    Fresh, because a forked copy of the test run would bring memory that is free but counted.
    """
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        input=content,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module", params=["JPEG", "PNG", "WEBP", "HEIC"])
def largest(request: pytest.FixtureRequest) -> bytes:
    """The largest picture that passes the header check, in a wasteful layout."""
    if request.param == "JPEG":
        return encoded(Image.new("RGB", (10_000, 5_000), (10, 90, 200)), "JPEG", progressive=True)
    fast = {
        "PNG": {"compress_level": 1},
        "WEBP": {"method": 0},
        "HEIC": {"enc_params": {"preset": "ultrafast"}},
    }
    picture = Image.new("RGBA", (5_000, 5_000), (10, 90, 200, 30))
    return encoded(picture, request.param, **fast[request.param])


def test_the_largest_picture_fits_and_is_refused_where_it_does_not(largest: bytes) -> None:
    assert answer_of(RENDER, 512 * MIB, content=largest) == "rendered"
    refusals = ("too_much_memory", "broken")
    for extra in (24, 48):
        assert answer_of(RENDER, extra * MIB, content=largest) in refusals


def test_the_most_wasteful_jpeg_is_rendered_or_refused() -> None:
    widest = Image.new("CMYK", (10_000, 5_000), (10, 90, 200, 30))
    content = encoded(widest, "JPEG", progressive=True, subsampling=0)
    assert answer_of(RENDER, 512 * MIB, content=content) in ("rendered", "too_much_memory")


def test_an_ordinary_photo_fits_with_room_to_spare() -> None:
    content = encoded(Image.effect_noise((4000, 3000), 50).convert("RGB"), "JPEG")
    assert answer_of(RENDER, 300 * MIB, content=content) == "rendered"


def test_a_process_cannot_grow_beyond_the_ceiling_until_it_is_lifted() -> None:
    assert answer_of(GROW) == f"refused, afterwards {128 * MIB}"


def test_the_ceiling_counts_from_the_present_size() -> None:
    soft = int(answer_of(LIMITS, resource.RLIM_INFINITY, 1024 * MIB))
    assert 1024 * MIB < soft < 2048 * MIB


def test_a_lower_ceiling_from_outside_stays() -> None:
    assert int(answer_of(LIMITS, 4096 * MIB, 8192 * MIB)) == 4096 * MIB
