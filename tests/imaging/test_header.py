"""What is read from a file's header, without decoding it."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from feedback.domain.states import PhotoProblem
from feedback.imaging import (
    MAX_FILE_BYTES,
    PhotoFormat,
    PhotoHeader,
    PhotoRejected,
    inspect_header,
)
from tests.imaging.pictures import (
    HUE,
    animated,
    create_scene,
    encoded,
    exif_with,
    gps_at,
    heic_collection,
    mpo,
    png_chunk,
)

KINDS = {
    "JPEG": PhotoFormat.JPEG,
    "PNG": PhotoFormat.PNG,
    "WEBP": PhotoFormat.WEBP,
    "HEIC": PhotoFormat.HEIC,
}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def inspect(content: bytes) -> PhotoHeader:
    return inspect_header(io.BytesIO(content), len(content))


def problem_of(content: bytes) -> PhotoProblem:
    with pytest.raises(PhotoRejected) as caught:
        inspect(content)
    return caught.value.problem


@pytest.mark.parametrize("kind", KINDS)
def test_size_and_kind_are_read_from_the_content(kind: str) -> None:
    header = inspect(encoded(create_scene(484, 322), kind))
    assert (header.format, header.width, header.height) == (KINDS[kind], 484, 322)
    assert (header.orientation, header.place) == (1, None)


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_each_layout_of_webp_gives_its_size(lossless: bool, mode: str) -> None:
    header = inspect(encoded(create_scene(301, 203, mode), "WEBP", lossless=lossless))
    assert (header.width, header.height) == (301, 203)


def test_a_progressive_jpeg_gives_its_size() -> None:
    header = inspect(encoded(create_scene(301, 203), "JPEG", progressive=True))
    assert (header.width, header.height) == (301, 203)


def test_a_phone_jpeg_with_more_pictures_counts_as_its_first() -> None:
    header = inspect(mpo())
    assert (header.format, header.width, header.height) == (PhotoFormat.JPEG, 480, 320)


def test_a_heic_file_with_further_pictures_counts_as_its_primary_one() -> None:
    header = inspect(heic_collection())
    assert (header.format, header.width, header.height) == (PhotoFormat.HEIC, 480, 320)


def test_the_stream_is_left_at_its_beginning() -> None:
    content = encoded(create_scene(), "JPEG")
    stream = io.BytesIO(content)
    stream.seek(7)
    inspect_header(stream, len(content))
    assert stream.tell() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_is_read_from_every_kind(kind: str) -> None:
    header = inspect(encoded(create_scene(), kind, exif=exif_with(gps=HUE).tobytes()))
    assert header.place == pytest.approx((16.4635, 107.590667), abs=1e-5)


@pytest.mark.parametrize(
    ("north", "east", "expected"),
    [("N", "E", (16.5, 107.5)), ("S", "W", (-16.5, -107.5)), ("n", "w", (16.5, -107.5))],
)
def test_the_hemisphere_letters_give_the_sign(
    north: str, east: str, expected: tuple[float, float]
) -> None:
    gps = gps_at((16.0, 30.0, 0.0), (107.0, 30.0, 0.0), north, east)
    header = inspect(encoded(create_scene(), "JPEG", exif=exif_with(gps=gps)))
    assert header.place == pytest.approx(expected)


FINE = (16.0, 30.0, 0.0)


@pytest.mark.parametrize(
    "gps",
    [
        pytest.param(gps_at((91.0, 0.0, 0.0), FINE), id="beyond the pole"),
        pytest.param(gps_at(FINE, (181.0, 0.0, 0.0)), id="beyond the date line"),
        pytest.param(gps_at((16.0, 75.0, 0.0), FINE), id="75 minutes"),
        pytest.param(gps_at((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), id="no fix"),
        pytest.param(gps_at(FINE, FINE, "X"), id="no such hemisphere"),
        pytest.param(gps_at(FINE, FINE, ""), id="an empty hemisphere"),
        pytest.param(gps_at(FINE[:2], FINE), id="no seconds"),
        pytest.param({2: FINE, 4: FINE}, id="no hemispheres"),
        pytest.param({1: "N", 3: "E"}, id="no angles"),
        pytest.param({}, id="an empty directory"),
    ],
)
def test_a_place_that_cannot_be_right_is_no_place(gps: dict[int, Any]) -> None:
    assert inspect(encoded(create_scene(), "JPEG", exif=exif_with(gps=gps))).place is None


def test_a_fraction_over_zero_is_no_place() -> None:
    exif = exif_with(gps=HUE).tobytes()
    denominator = struct.pack("<2I", 16, 1) if exif[6:8] == b"II" else struct.pack(">2I", 16, 1)
    assert exif.count(denominator) == 1
    content = encoded(create_scene(), "JPEG", exif=exif.replace(denominator, denominator[:4] * 0))
    assert inspect(content).place is None
    zeroed = denominator[:4] + bytes(4)
    content = encoded(create_scene(), "JPEG", exif=exif.replace(denominator, zeroed))
    assert inspect(content).place is None


def test_every_cut_of_an_exif_block_leaves_a_readable_photo() -> None:
    exif = exif_with(orientation=6, gps=HUE).tobytes()
    for length in range(6, len(exif)):
        content = encoded(create_scene(16, 16), "JPEG", exif=exif[:length])
        assert inspect(content).place in (None, pytest.approx((16.4635, 107.590667), abs=1e-5))


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_unknown_orientation_means_upright(value: int) -> None:
    content = encoded(create_scene(), "JPEG", exif=exif_with(orientation=value))
    assert inspect(content).orientation == 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animations_are_refused(kind: str) -> None:
    assert problem_of(animated(kind)) is PhotoProblem.ANIMATED


@pytest.mark.parametrize("brand", [b"hevc", b"msf1"])
def test_a_heic_sequence_is_refused(brand: bytes) -> None:
    content = encoded(create_scene(), "HEIC")
    assert problem_of(content[:8] + brand + content[12:]) is PhotoProblem.ANIMATED


def test_a_heic_file_with_a_film_track_is_refused() -> None:
    content = encoded(create_scene(), "HEIC") + struct.pack(">I4s", 8, b"moov")
    assert problem_of(content) is PhotoProblem.ANIMATED


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(encoded(create_scene(), "GIF"), "unsupported_format", id="GIF"),
        pytest.param(animated("GIF"), "unsupported_format", id="animated GIF"),
        pytest.param(encoded(create_scene(), "TIFF"), "unsupported_format", id="TIFF"),
        pytest.param(encoded(create_scene(), "BMP"), "unsupported_format", id="BMP"),
        pytest.param(encoded(create_scene(), "AVIF"), "unsupported_format", id="AVIF"),
        pytest.param(encoded(create_scene(), "JPEG2000"), "unsupported_format", id="JPEG 2000"),
        pytest.param(b"<?xml version='1.0'?>\n<SVG xmlns=''/>", "unsupported_format", id="SVG"),
        pytest.param(b"\0\0\0\x18ftypisom\0\0\2\0isommp41", "not_an_image", id="film"),
        pytest.param(encoded(create_scene(), "PDF"), "not_an_image", id="PDF"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", "not_an_image", id="HTML"),
        pytest.param(b"\xff\xd8", "not_an_image", id="two bytes of a JPEG"),
        pytest.param(b"RIFF\x24\0\0\0WAVEfmt ", "not_an_image", id="sound"),
        pytest.param(b"x", "not_an_image", id="one byte"),
        pytest.param(b"", "empty", id="nothing"),
    ],
)
def test_everything_else_is_refused_by_its_content(content: bytes, problem: str) -> None:
    assert problem_of(content) == problem


def test_a_file_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(PhotoRejected) as caught:
        inspect_header(io.BytesIO(encoded(create_scene(), "JPEG")), MAX_FILE_BYTES + 1)
    assert caught.value.problem is PhotoProblem.TOO_LARGE_FILE


def jpeg_claiming(width: int, height: int) -> bytes:
    content = bytearray(encoded(create_scene(16, 16), "JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_SIGNATURE + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"")


def webp_claiming(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + canvas


def heic_claiming(width: int, height: int) -> bytes:
    content = bytearray(encoded(create_scene(64, 64), "HEIC"))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", width, height)
    return bytes(content)


@pytest.mark.parametrize(
    ("claiming", "width", "height"),
    [
        (jpeg_claiming, 10_000, 5_000),
        (png_claiming, 5_000, 5_000),
        (webp_claiming, 5_000, 5_000),
        (heic_claiming, 5_000, 5_000),
    ],
)
def test_pixels_are_taken_up_to_the_limit_and_not_beyond(
    claiming: Any, width: int, height: int
) -> None:
    assert inspect(claiming(width, height)).width == width
    assert problem_of(claiming(width + 1, height)) is PhotoProblem.TOO_MANY_PIXELS


def test_a_png_of_huge_dimensions_is_refused_by_its_header() -> None:
    assert problem_of(png_claiming(2**31 - 1, 2**31 - 1)) is PhotoProblem.TOO_MANY_PIXELS


@pytest.mark.parametrize("claiming", [jpeg_claiming, png_claiming, heic_claiming])
def test_a_picture_without_extent_is_broken(claiming: Any) -> None:
    assert problem_of(claiming(0, 100)) is PhotoProblem.BROKEN


@pytest.mark.parametrize("length", [0, 1])
def test_a_jpeg_segment_shorter_than_its_own_length_field_is_broken(length: int) -> None:
    rest = encoded(create_scene(), "JPEG")[2:]
    content = b"\xff\xd8\xff\xe1" + struct.pack(">H", length) + rest
    assert problem_of(content) is PhotoProblem.BROKEN


@pytest.mark.parametrize("offset", [10_000_000, 0xFFFFFFFF])
def test_a_heic_exif_item_beyond_the_end_is_no_exif(offset: int, tmp_path: Path) -> None:
    content = encoded(create_scene(), "HEIC", exif=exif_with(orientation=6).tobytes())
    extent = content.rindex(b"Exif\0\0") - 4
    assert content.count(struct.pack(">I", extent)) == 1
    path = tmp_path / "photo"
    path.write_bytes(content.replace(struct.pack(">I", extent), struct.pack(">I", offset)))
    with path.open("rb") as stream:
        assert inspect_header(stream, len(content)).orientation == 1


class CountingStream(io.BytesIO):
    """A file that counts what is read of it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.bytes_read += len(content)
        return content


LONG = MAX_FILE_BYTES - 2000


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xd8" + b"\xff\xe2\0\2" * (LONG // 4), id="a JPEG of empty segments"),
        pytest.param(b"\xff\xd8" + b"\xff" * LONG, id="a JPEG of fill bytes"),
        pytest.param(
            png_claiming(9, 9)[:33] + png_chunk(b"tEXt", b"") * (LONG // 12),
            id="a PNG of empty chunks",
        ),
        pytest.param(
            b"\0\0\0\x10ftypheic\0\0\0\0" + b"\0\0\0\x08free" * (LONG // 8),
            id="a HEIC of empty boxes",
        ),
        pytest.param(
            b"\0\0\0\x10ftypheic\0\0\0\0" + struct.pack(">I4s", LONG, b"meta") + bytes(LONG - 8),
            id="a HEIC with an endless list",
        ),
    ],
)
def test_a_file_of_nothing_but_structure_is_refused_after_a_few_reads(content: bytes) -> None:
    stream = CountingStream(content)
    with pytest.raises(PhotoRejected) as caught:
        inspect_header(stream, len(content))
    assert caught.value.problem is PhotoProblem.BROKEN
    assert stream.bytes_read < 1_100_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_agrees_with_the_decoder_about_turned_pictures(kind: str) -> None:
    content = encoded(create_scene(200, 100), kind, exif=exif_with(orientation=3).tobytes())
    header = inspect(content)
    assert (header.width, header.height) == (200, 100)
    if kind != "HEIC":
        assert Image.open(io.BytesIO(content)).getexif()[0x0112] == header.orientation == 3
