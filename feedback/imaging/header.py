"""What a file says about itself in its first bytes, judged before anything is decoded."""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from feedback.domain.states import PhotoProblem
from feedback.imaging import heic
from feedback.imaging.exif import MAX_EXIF_BYTES, read_orientation, read_place
from feedback.imaging.rejection import PhotoRejected

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_JPEG_PIXELS = 50_000_000
MAX_OTHER_PIXELS = 25_000_000
"""JPEG decodes at a fraction of its size, the others only whole: hence half the pixels."""

MAX_STEPS = 1000
"""Segments or chunks read before the picture's size must have been found; a JPEG filled with
nothing but full 64 KiB segments has 240."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_OTHER_PICTURES = (
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"\0\0\1\0",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
)


class PhotoFormat(StrEnum):
    """The four kinds of file that are taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"


@dataclass(frozen=True)
class PhotoHeader:
    """What a file's header says: width and height as stored, before turning upright.

    `orientation` is the EXIF tag, 1 to 8. `place` is (latitude, longitude) from the EXIF block, to
    be used only if the reporter agrees.
    """

    format: PhotoFormat
    width: int
    height: int
    orientation: int
    place: tuple[float, float] | None


def inspect_header(stream: IO[bytes], size: int) -> PhotoHeader:
    """Read the header of the picture in `stream`, a seekable file of `size` bytes.

    The kind is told by content, never by name. No pixel is decoded and a bounded number of bytes
    is read, whatever the file holds. The stream is left at its beginning.

    Raises PhotoRejected: empty, too_large_file, not_an_image, unsupported_format, animated,
    too_many_pixels, broken (the header ends early or contradicts itself).
    """
    if size <= 0:
        raise PhotoRejected(PhotoProblem.EMPTY)
    if size > MAX_FILE_BYTES:
        raise PhotoRejected(PhotoProblem.TOO_LARGE_FILE)
    stream.seek(0)
    photo_format, read = _reader(stream.read(1024))
    try:
        width, height, exif = read(stream)
    except (struct.error, ValueError, OverflowError) as error:
        raise PhotoRejected(PhotoProblem.BROKEN) from error
    finally:
        stream.seek(0)
    _check_pixels(photo_format, width, height)
    return PhotoHeader(photo_format, width, height, read_orientation(exif), read_place(exif))


Reader = Callable[[IO[bytes]], tuple[int, int, bytes]]


def _reader(head: bytes) -> tuple[PhotoFormat, Reader]:
    """The kind of file that begins with `head`, and the function that reads its header."""
    if head.startswith(b"\xff\xd8\xff"):
        return PhotoFormat.JPEG, _read_jpeg
    if head.startswith(_PNG_SIGNATURE):
        return PhotoFormat.PNG, _read_png
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PhotoFormat.WEBP, _read_webp
    if head[4:8] == b"ftyp":
        heic.check_brand(head)
        return PhotoFormat.HEIC, heic.read_heic
    if head.startswith(_OTHER_PICTURES) or b"<svg" in head.lower():
        raise PhotoRejected(PhotoProblem.UNSUPPORTED_FORMAT)
    raise PhotoRejected(PhotoProblem.NOT_AN_IMAGE)


def _check_pixels(photo_format: PhotoFormat, width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise PhotoRejected(PhotoProblem.BROKEN)
    limit = MAX_JPEG_PIXELS if photo_format is PhotoFormat.JPEG else MAX_OTHER_PIXELS
    if width * height > limit:
        raise PhotoRejected(PhotoProblem.TOO_MANY_PIXELS)


def _unpack(layout: str, stream: IO[bytes]) -> tuple[int, ...]:
    """Read and unpack `layout`; struct.error when the file ends before it."""
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))


def _read_jpeg(stream: IO[bytes]) -> tuple[int, int, bytes]:
    """Walk the segments to the first frame header (ISO/IEC 10918-1, B.1.1 and B.2.2).

    Further pictures of an MPO file come after the first one's end and are never reached.
    """
    stream.seek(2)
    exif = b""
    for _ in range(MAX_STEPS):
        fill, marker = _unpack(">BB", stream)
        if fill != 0xFF:
            raise PhotoRejected(PhotoProblem.BROKEN)
        if marker == 0xFF:
            stream.seek(-1, os.SEEK_CUR)
            continue
        if marker in (0xD9, 0xDA):
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = _unpack(">H", stream)
        if length < 2:
            raise PhotoRejected(PhotoProblem.BROKEN)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _, height, width = _unpack(">BHH", stream)
            return width, height, exif
        if marker == 0xE1 and not exif:
            exif = _exif_segment(stream.read(length - 2))
        else:
            stream.seek(length - 2, os.SEEK_CUR)
    raise PhotoRejected(PhotoProblem.BROKEN)


def _exif_segment(content: bytes) -> bytes:
    return content if content.startswith(b"Exif\0\0") else b""


def _read_png(stream: IO[bytes]) -> tuple[int, int, bytes]:
    """Walk the chunks up to the pixels (PNG third edition, sections 5.3 and 11).

    An acTL chunk before the pixels is what makes a PNG animated.
    """
    stream.seek(8)
    length, kind, width, height = struct.unpack(">I4sII", stream.read(16))
    if kind != b"IHDR" or length != 13:
        raise PhotoRejected(PhotoProblem.BROKEN)
    stream.seek(8 + 12 + length)
    exif = b""
    for _ in range(MAX_STEPS):
        length, kind = struct.unpack(">I4s", stream.read(8))
        following = stream.tell() + length + 4
        if kind == b"acTL":
            raise PhotoRejected(PhotoProblem.ANIMATED)
        if kind == b"IDAT":
            return width, height, exif
        if kind == b"eXIf":
            exif = stream.read(min(length, MAX_EXIF_BYTES))
        stream.seek(following)
    raise PhotoRejected(PhotoProblem.BROKEN)


def _read_webp(stream: IO[bytes]) -> tuple[int, int, bytes]:
    """Size, animation flag and EXIF of a WebP file (RFC 9649, sections 2.5 to 2.7)."""
    stream.seek(12)
    kind, _, body = struct.unpack("<4sI10s", stream.read(18))
    if kind == b"VP8 ":
        signature, width, height = struct.unpack("<3s3sHH", body)[1:]
        if signature != b"\x9d\x01\x2a":
            raise PhotoRejected(PhotoProblem.BROKEN)
        return width & 0x3FFF, height & 0x3FFF, b""
    if kind == b"VP8L":
        signature, bits = struct.unpack_from("<BI", body)
        if signature != 0x2F:
            raise PhotoRejected(PhotoProblem.BROKEN)
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, b""
    if kind != b"VP8X":
        raise PhotoRejected(PhotoProblem.BROKEN)
    if body[0] & 0x02:
        raise PhotoRejected(PhotoProblem.ANIMATED)
    width = int.from_bytes(body[4:7], "little") + 1
    height = int.from_bytes(body[7:10], "little") + 1
    return width, height, _webp_exif(stream) if body[0] & 0x08 else b""


def _webp_exif(stream: IO[bytes]) -> bytes:
    """The EXIF chunk after the pixels; empty when the file promises one and ends without."""
    stream.seek(30)
    for _ in range(MAX_STEPS):
        header = stream.read(8)
        if len(header) < 8:
            return b""
        kind, length = struct.unpack("<4sI", header)
        if kind == b"EXIF":
            return stream.read(min(length, MAX_EXIF_BYTES))
        stream.seek(length + length % 2, os.SEEK_CUR)
    return b""
