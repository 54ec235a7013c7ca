"""Which way up a picture is and where it was taken: nothing else of its EXIF block is read.

EXIF is a TIFF file of its own: a byte order mark, then directories of 12-byte entries (Exif 2.32,
section 4.6). Only the first directory and the GPS directory it points to are looked at.
"""

import struct

MAX_EXIF_BYTES = 64 * 1024
"""A JPEG segment holds no more; in the other formats the directories stand at the front as well."""

_ORIENTATION = 0x0112
_GPS_DIRECTORY = 0x8825
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_ASCII, _SHORT, _RATIONAL = 2, 3, 5
_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}

Entry = tuple[int, int, int, bytes]


def read_orientation(exif: bytes) -> int:
    """The orientation tag, 1 to 8; 1 (upright) when it is missing or malformed."""
    tiff, order = _tiff(exif)
    try:
        _, kind, _, value = _first_directory(tiff, order)[_ORIENTATION]
        (orientation,) = struct.unpack_from(order + "H", value)
    except (struct.error, KeyError):
        return 1
    return orientation if kind == _SHORT and 1 <= orientation <= 8 else 1


def read_place(exif: bytes) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS 84), None when there is no usable place.

    Anything malformed, out of range or without its hemisphere letter gives None, and so does
    0°, 0°: phones write it when they have no fix.
    """
    tiff, order = _tiff(exif)
    try:
        _, _, _, pointer = _first_directory(tiff, order)[_GPS_DIRECTORY]
        (offset,) = struct.unpack(order + "I", pointer)
        fields = _directory(tiff, order, offset)
        latitude = _angle(_rationals(tiff, order, fields[_LATITUDE]), fields[_LATITUDE_REF], b"NS")
        longitude = _angle(
            _rationals(tiff, order, fields[_LONGITUDE]), fields[_LONGITUDE_REF], b"EW"
        )
    except (struct.error, ZeroDivisionError, KeyError):
        return None
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _tiff(exif: bytes) -> tuple[bytes, str]:
    """The block without its optional "Exif" prefix, and struct's sign for its byte order."""
    tiff = exif.removeprefix(b"Exif\0\0")[:MAX_EXIF_BYTES]
    order = _BYTE_ORDERS.get(tiff[:4])
    return (tiff, order) if order else (b"", "<")


def _first_directory(tiff: bytes, order: str) -> dict[int, Entry]:
    (offset,) = struct.unpack_from(order + "I", tiff, 4)
    return _directory(tiff, order, offset)


def _directory(tiff: bytes, order: str, offset: int) -> dict[int, Entry]:
    """Tag → (tag, type, count, the four value bytes) of the directory at `offset`.

    A directory that the block cuts short gives the entries that are there.
    """
    (count,) = struct.unpack_from(order + "H", tiff, offset)
    entries: dict[int, Entry] = {}
    for at in range(offset + 2, offset + 2 + 12 * count, 12):
        if at + 12 > len(tiff):
            break
        entry = struct.unpack_from(order + "HHI4s", tiff, at)
        entries.setdefault(entry[0], entry)
    return entries


def _rationals(tiff: bytes, order: str, entry: Entry) -> list[float]:
    """The fractions of a rational entry; empty when it is of another type or not three."""
    _, kind, count, pointer = entry
    if kind != _RATIONAL or count != 3:
        return []
    (offset,) = struct.unpack(order + "I", pointer)
    parts = struct.unpack_from(order + "6I", tiff, offset)
    return [parts[i] / parts[i + 1] for i in (0, 2, 4)]


def _angle(parts: list[float], ref: Entry, letters: bytes) -> float | None:
    """Signed degrees from degrees, minutes, seconds and the entry with the hemisphere letter.

    `letters` are the positive and the negative hemisphere's.
    """
    _, kind, _, value = ref
    letter = value[:1].upper()
    if kind != _ASCII or letter not in (letters[:1], letters[1:]) or not parts:
        return None
    degrees, minutes, seconds = parts
    if minutes > 60 or seconds > 60:
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    return -angle if letter == letters[1:] else angle
