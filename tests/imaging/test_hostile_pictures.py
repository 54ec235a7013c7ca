"""Damaged and hostile files: a photo or a PhotoRejected, nothing else."""

import io
import random
from collections.abc import Callable

import pytest
from PIL import Image

from feedback.domain.states import PhotoProblem
from feedback.imaging import (
    PhotoFormat,
    PhotoRejected,
    Rendered,
    inspect_header,
    render,
    render_in_child,
)
from tests.imaging.pictures import create_scene, encoded, exif_with, heic_collection, mpo, opened
from tests.imaging.test_header import jpeg_claiming, png_claiming

FILES: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(create_scene(96, 64), "JPEG", exif=exif_with(orientation=6)),
    "progressive JPEG": lambda: encoded(create_scene(96, 64), "JPEG", progressive=True),
    "MPO": mpo,
    "PNG": lambda: encoded(create_scene(96, 64, "RGBA"), "PNG"),
    "WebP": lambda: encoded(create_scene(96, 64), "WEBP", exif=exif_with(orientation=6)),
    "lossless WebP": lambda: encoded(create_scene(96, 64), "WEBP", lossless=True),
    "HEIC": lambda: encoded(create_scene(96, 64), "HEIC", exif=exif_with(orientation=6).tobytes()),
    "HEIC collection": heic_collection,
}


def rendered_or_refused(content: bytes) -> Rendered | PhotoProblem:
    """What becomes of `content`; any other exception fails the test that asks."""
    try:
        header = inspect_header(io.BytesIO(content), len(content))
        # A damaged HEIC file may crash its decoder, which is the child's affair.
        return (render_in_child if header.format is PhotoFormat.HEIC else render)(content)
    except PhotoRejected as rejection:
        return rejection.problem


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_refused_or_whole(name: str) -> None:
    content = FILES[name]()
    whole = render(content)
    for twentieth in range(20):
        cut = content[: len(content) * twentieth // 20]
        # A second picture behind the first may be missing; pixels of the photo may not.
        assert rendered_or_refused(cut) == whole or isinstance(
            rendered_or_refused(cut), PhotoProblem
        )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_a_file_without_its_last_third_is_broken(kind: str) -> None:
    noise = Image.effect_noise((256, 256), 60).convert("RGB")
    content = encoded(noise, kind)
    assert rendered_or_refused(content[: len(content) * 2 // 3]) is PhotoProblem.BROKEN


@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_raise_nothing_else(name: str) -> None:
    content = FILES[name]()
    chance = random.Random(f"flips of {name}")  # noqa: S311 (repeatable on purpose)
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        rendered_or_refused(bytes(damaged))


@pytest.mark.parametrize("name", FILES)
def test_changed_headers_raise_nothing_else(name: str) -> None:
    content = FILES[name]()
    chance = random.Random(f"headers of {name}")  # noqa: S311 (repeatable on purpose)
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(min(300, len(damaged)))] = chance.choice([0, 1, 127, 255])
        rendered_or_refused(bytes(damaged))


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP", b"\0\0\0\x18ftypheic"]
)
def test_noise_behind_a_signature_is_refused(start: bytes) -> None:
    chance = random.Random(7)  # noqa: S311 (repeatable on purpose)
    for length in [0, 1, 4, 16, 64, 5000]:
        assert isinstance(rendered_or_refused(start + chance.randbytes(length)), PhotoProblem)


@pytest.mark.parametrize(("width", "height"), [(16, 4000), (9000, 5000), (1, 1)])
def test_a_jpeg_that_lies_about_its_size_harms_nobody(width: int, height: int) -> None:
    result = rendered_or_refused(jpeg_claiming(width, height))
    assert result is PhotoProblem.BROKEN or isinstance(result, Rendered)


def test_a_png_without_the_pixels_it_promises_is_broken() -> None:
    assert rendered_or_refused(png_claiming(4000, 4000)) is PhotoProblem.BROKEN


def test_a_second_frame_header_cannot_smuggle_in_a_larger_picture() -> None:
    large, small = encoded(create_scene(800, 800), "JPEG"), encoded(create_scene(16, 16), "JPEG")
    frame = small[small.index(b"\xff\xc0") : small.index(b"\xff\xc4")]
    result = rendered_or_refused(large[:2] + frame + large[2:])
    assert isinstance(result, PhotoProblem)


PAYLOAD = b"<script>alert(document.domain)</script>"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP"])
def test_a_page_hidden_in_a_picture_is_gone_from_the_output(name: str) -> None:
    rendered = render(FILES[name]() + PAYLOAD)
    assert b"script" not in rendered.large + rendered.small


def test_a_page_hidden_in_the_comments_is_gone_from_the_output() -> None:
    content = encoded(
        create_scene(), "JPEG", comment=PAYLOAD, exif=exif_with(description=PAYLOAD.decode())
    )
    assert content.count(PAYLOAD) == 2
    rendered = render(content)
    assert b"script" not in rendered.large + rendered.small
    assert opened(rendered.large).size == (480, 320)
