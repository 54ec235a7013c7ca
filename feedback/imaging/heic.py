"""The header of a HEIC file: its boxes (ISO/IEC 14496-12) and items (ISO/IEC 23008-12).

A HEIC file is a tree of boxes. The `meta` box lists items (pictures, tiles, thumbnails, EXIF),
names the primary one, and gives each its properties; its `ispe` property is the picture's size.
"""

import os
import struct
from collections.abc import Iterator
from typing import IO

from feedback.domain.states import PhotoProblem
from feedback.imaging.exif import MAX_EXIF_BYTES
from feedback.imaging.rejection import PhotoRejected

MAX_BOXES = 100
"""Boxes read on one level; a phone's file has under ten at the top and a hundred properties."""
MAX_META_BYTES = 1024 * 1024
MAX_PROPERTIES = 2000

_SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
_STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2"}
_OTHER_PICTURE_BRANDS = {b"avif", b"avis", b"crx "}
_CODED_PICTURES = {b"hvc1", b"grid", b"iden", b"iovl"}

Boxes = dict[bytes, bytes]


def check_brand(head: bytes) -> None:
    """Judge the `ftyp` box at the start of a file by its major brand.

    Raises PhotoRejected: animated for a picture sequence, unsupported_format for AVIF and raw
    files of the same family, not_an_image for films.
    """
    brand = head[8:12]
    if brand in _SEQUENCE_BRANDS:
        raise PhotoRejected(PhotoProblem.ANIMATED)
    if brand in _OTHER_PICTURE_BRANDS:
        raise PhotoRejected(PhotoProblem.UNSUPPORTED_FORMAT)
    if brand not in _STILL_BRANDS:
        raise PhotoRejected(PhotoProblem.NOT_AN_IMAGE)


def read_heic(stream: IO[bytes]) -> tuple[int, int, bytes]:
    """Stored width and height of the primary picture, and the EXIF block.

    Thumbnails, depth maps, gain maps and further still pictures are no animation: the primary
    picture is taken. A film track (`moov`) is. Raises PhotoRejected, struct.error or ValueError.
    """
    meta = _file_meta(stream)
    boxes = dict(_boxes(meta[4:]))
    kinds = dict(_item_kinds(boxes[b"iinf"]) if b"iinf" in boxes else ())
    primary = _primary(boxes.get(b"pitm", b""))
    if kinds.get(primary) not in _CODED_PICTURES:
        raise PhotoRejected(PhotoProblem.UNSUPPORTED_FORMAT)
    width, height = _size(boxes.get(b"iprp", b""), primary)
    exif_items = [item for item, kind in kinds.items() if kind == b"Exif"]
    if not exif_items:
        return width, height, b""
    return width, height, _read_exif(stream, boxes, exif_items[0])


def _file_meta(stream: IO[bytes]) -> bytes:
    """The content of the top-level `meta` box; refuses files with a film track."""
    end = stream.seek(0, os.SEEK_END)
    offset, meta = 0, None
    for _ in range(MAX_BOXES):
        if offset + 8 > end:
            break
        stream.seek(offset)
        kind, start, following = _box_bounds(stream.read(16), offset, end)
        if kind == b"moov":
            raise PhotoRejected(PhotoProblem.ANIMATED)
        if kind == b"meta" and meta is None:
            if following - start > MAX_META_BYTES:
                raise PhotoRejected(PhotoProblem.BROKEN)
            stream.seek(start)
            meta = stream.read(following - start)
        offset = following
    if meta is None:
        raise PhotoRejected(PhotoProblem.BROKEN)
    return meta


def _box_bounds(head: bytes, offset: int, end: int) -> tuple[bytes, int, int]:
    """(kind, where the content starts, where the next box starts) of a box at `offset`."""
    length, kind = struct.unpack_from(">I4s", head)
    header = 8
    if length == 1:
        (length,) = struct.unpack_from(">Q", head, 8)
        header = 16
    if length == 0:
        length = end - offset
    if length < header:
        raise PhotoRejected(PhotoProblem.BROKEN)
    return kind, offset + header, offset + length


def _boxes(content: bytes, limit: int = MAX_BOXES) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of each box in `content`."""
    offset = 0
    for _ in range(limit):
        if offset + 8 > len(content):
            return
        kind, start, following = _box_bounds(content[offset : offset + 16], offset, len(content))
        yield kind, content[start:following]
        offset = following


def _primary(pitm: bytes) -> int:
    """The primary item's id."""
    layout = ">4xH" if pitm[:1] == b"\0" else ">4xI"
    return int(struct.unpack_from(layout, pitm)[0])


def _item_kinds(iinf: bytes) -> Iterator[tuple[int, bytes]]:
    """(item id, four-letter item type) of each `infe` entry of version 2 or 3."""
    for kind, content in _boxes(iinf[6 if iinf[:1] == b"\0" else 8 :], MAX_PROPERTIES):
        if kind == b"infe" and content[:1] in (b"\2", b"\3"):
            yield struct.unpack_from(">4xH2x4s" if content[0] == 2 else ">4xI2x4s", content)


def _size(iprp: bytes, item: int) -> tuple[int, int]:
    """Width and height from the `ispe` property that `ipma` ties to `item`."""
    boxes = dict(_boxes(iprp))
    properties = list(_boxes(boxes.get(b"ipco", b""), MAX_PROPERTIES))
    for index in _property_numbers(boxes.get(b"ipma", b""), item):
        if 0 < index <= len(properties) and properties[index - 1][0] == b"ispe":
            width, height = struct.unpack_from(">4xII", properties[index - 1][1])
            return width, height
    raise PhotoRejected(PhotoProblem.BROKEN)


def _property_numbers(ipma: bytes, item: int) -> list[int]:
    """The one-based property numbers of `item`; the top bit of each only says "essential"."""
    version, flags, entries = struct.unpack_from(">B2xBI", ipma)
    number = ">B" if flags & 1 == 0 else ">H"
    step, mask = (1, 0x7F) if flags & 1 == 0 else (2, 0x7FFF)
    entry = ">HB" if version == 0 else ">IB"
    offset = 8
    for _ in range(min(entries, MAX_PROPERTIES)):
        entry_item, count = struct.unpack_from(entry, ipma, offset)
        offset += struct.calcsize(entry)
        if entry_item == item:
            return [
                struct.unpack_from(number, ipma, offset + step * i)[0] & mask for i in range(count)
            ]
        offset += step * count
    return []


def _read_exif(stream: IO[bytes], boxes: Boxes, item: int) -> bytes:
    """The EXIF item's bytes without the offset in front; empty when it cannot be found."""
    try:
        in_file, offset, length = _location(boxes.get(b"iloc", b""), item)
    except struct.error:
        return b""
    length = min(length, MAX_EXIF_BYTES)
    if in_file:
        if offset > stream.seek(0, os.SEEK_END):
            return b""
        stream.seek(offset)
        content = stream.read(length)
    else:
        content = boxes.get(b"idat", b"")[offset : offset + length]
    if len(content) < 4:
        return b""
    return content[4 + int.from_bytes(content[:4]) :]


def _location(iloc: bytes, item: int) -> tuple[bool, int, int]:
    """(in the file or else in `idat`, offset, length) of the first extent of `item`.

    struct.error when the box has no such item or uses a layout that no camera writes.
    """
    version = iloc[0] if iloc else 0
    sizes, base_sizes = struct.unpack_from(">4xBB", iloc)
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, base_sizes >> 4
    index_size = base_sizes & 15 if version else 0
    id_size = 4 if version == 2 else 2
    at = 6

    def number(size: int) -> int:
        nonlocal at
        if at + size > len(iloc):
            raise struct.error("the item location box ends early")
        value = int.from_bytes(iloc[at : at + size])
        at += size
        return value

    for _ in range(min(number(id_size), MAX_PROPERTIES)):
        found = number(id_size) == item
        method = number(2) & 15 if version else 0
        number(2)
        base, extents = number(base_size), number(2)
        for _ in range(min(extents, MAX_PROPERTIES)):
            number(index_size)
            offset, length = number(offset_size), number(length_size)
            if found and method in (0, 1):
                return method == 0, base + offset, length
    raise struct.error("no such item")
