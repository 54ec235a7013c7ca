"""Files a stranger might send instead of a photo: two thousand of them, the same every time."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from PIL import Image

from tests.imaging.pictures import create_scene, encoded, exif_with, heic_collection, mpo

SEED = 2026
COUNT = 2_000
PAGE = b"<!doctype html><script>alert(document.domain)</script>"
NAMES = ("photo.jpg", "photo.png", "photo.heic", "page.html", "run.svg", "../../x.jpg", "a\0b.jpg")


class Hostile(NamedTuple):
    """One file: what was done to it, the name it is sent under, its bytes."""

    what: str
    name: str
    content: bytes


def hostile_files(count: int = COUNT) -> Iterator[Hostile]:
    """`count` damaged, misleading or oversized files, drawn by a fixed seed."""
    chance = random.Random(SEED)  # noqa: S311 (repeatable on purpose)
    photos = [make() for make in _PHOTOS]
    yield from _bombs(chance)
    changes = list(_CHANGES.items())
    for number in range(count - len(_BOMBS)):
        what, change = changes[number % len(changes)]
        yield Hostile(what, chance.choice(NAMES), change(chance, photos))


def _photo(chance: random.Random, photos: list[bytes]) -> bytearray:
    return bytearray(chance.choice(photos))


def _cut(chance: random.Random, photos: list[bytes]) -> bytes:
    photo = _photo(chance, photos)
    return bytes(photo[: chance.randrange(len(photo))])


def _spliced(chance: random.Random, photos: list[bytes]) -> bytes:
    first, second = _photo(chance, photos), _photo(chance, photos)
    return bytes(first[: chance.randrange(len(first))] + second[chance.randrange(len(second)) :])


def _flipped(chance: random.Random, photos: list[bytes]) -> bytes:
    photo = _photo(chance, photos)
    for _ in range(chance.randint(1, 16)):
        photo[chance.randrange(len(photo))] ^= 1 << chance.randrange(8)
    return bytes(photo)


def _changed_header(chance: random.Random, photos: list[bytes]) -> bytes:
    photo = _photo(chance, photos)
    for _ in range(chance.randint(1, 6)):
        photo[chance.randrange(min(200, len(photo)))] = chance.choice([0, 1, 127, 128, 255])
    return bytes(photo)


def _repeated(chance: random.Random, photos: list[bytes]) -> bytes:
    photo = _photo(chance, photos)
    start = chance.randrange(len(photo))
    piece = photo[start : start + chance.randint(1, 400)]
    return bytes(photo[:start] + piece * chance.randint(2, 50) + photo[start:])


def _polyglot(chance: random.Random, photos: list[bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(zipfile.ZipInfo("page.html"), PAGE)  # dated, so that it never differs
    payload = chance.choice([PAGE, archive.getvalue(), b"%PDF-1.7\n", b"<svg onload=alert(1)>"])
    photo = bytes(_photo(chance, photos))
    return chance.choice([photo + payload, payload + photo, photo[:2] + payload + photo[2:]])


def _no_photo(chance: random.Random, _photos: list[bytes]) -> bytes:
    return chance.choice([b"", PAGE, b"%PDF-1.7\n%%EOF", b"MZ" + chance.randbytes(200), b"\0" * 99])


_PHOTOS: tuple[Callable[[], bytes], ...] = (
    lambda: encoded(create_scene(), "JPEG", exif=exif_with(orientation=6)),
    lambda: encoded(create_scene(), "JPEG", progressive=True),
    mpo,
    lambda: encoded(create_scene(200, 120, "RGBA"), "PNG"),
    lambda: encoded(create_scene(), "WEBP", exif=exif_with(orientation=3)),
    lambda: encoded(create_scene(200, 120), "WEBP", lossless=True),
    lambda: encoded(create_scene(200, 120), "HEIC"),
    heic_collection,
)
_CHANGES: dict[str, Callable[[random.Random, list[bytes]], bytes]] = {
    "cut": _cut,
    "spliced": _spliced,
    "bits flipped": _flipped,
    "header changed": _changed_header,
    "piece repeated": _repeated,
    "polyglot": _polyglot,
    "no photo": _no_photo,
}
# Width and height of pictures that are small as files: up to 400 megapixels.
_BOMBS = (
    ("PNG", 20_000, 20_000),
    ("PNG", 5_000, 5_000),
    ("PNG", 4_999, 4_999),
    ("JPEG", 20_000, 20_000),
    ("JPEG", 7_071, 7_071),
    ("JPEG", 7_000, 7_000),
    ("WEBP", 10_000, 10_000),
    ("WEBP", 4_999, 4_999),
    ("GIF", 10_000, 10_000),
)
_SMALLEST: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 10},
    "WEBP": {"lossless": True, "quality": 0, "method": 0},
}


def _bombs(chance: random.Random) -> Iterator[Hostile]:
    for kind, width, height in _BOMBS:
        what = f"{kind} bomb of {width * height // 10**6} megapixels"
        yield Hostile(what, chance.choice(NAMES[:3]), _bomb(kind, width, height))


def _bomb(kind: str, width: int, height: int) -> bytes:
    if kind == "PNG":
        return _png_of_zeros(width, height)
    return encoded(Image.new("L", (width, height)), kind, **_SMALLEST.get(kind, {}))


def _png_of_zeros(width: int, height: int) -> bytes:
    """A PNG of one colour, three bytes a pixel: the decoder needs all of it. Rows are squeezed once
    and repeated; each full flush ends on a whole byte and looks back at nothing before it."""
    row, at_once = bytes(1 + width * 3), 100
    squeeze = zlib.compressobj(9)
    start = squeeze.compress(b"") + squeeze.flush(zlib.Z_FULL_FLUSH)
    many = squeeze.compress(row * at_once) + squeeze.flush(zlib.Z_FULL_FLUSH)
    rest = squeeze.compress(row * (height % at_once)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    sum_of_all = 1
    for _ in range(height):
        sum_of_all = zlib.adler32(row, sum_of_all)
    last = b"\x03\x00" + struct.pack(">I", sum_of_all)  # an empty block that says it is the last
    body = start + many * (height // at_once) + rest + last
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
