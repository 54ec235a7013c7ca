"""Pictures for the tests, all drawn by Pillow."""

import io
import struct
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageOps

CORNERS = {"red": (220, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 220)}
ORIENTATION, GPS_DIRECTORY = 0x0112, 0x8825

TO_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held that way stores an upright scene."""


def create_scene(width: int = 480, height: int = 320, mode: str = "RGB") -> Image.Image:
    """A grey field, red top left, green top right, blue bottom left: no turn or flip is alike."""
    scene = Image.new("RGB", (width, height), (128, 128, 128))
    third, half = width // 3, height // 2
    scene.paste(CORNERS["red"], (0, 0, third, half))
    scene.paste(CORNERS["green"], (width - third, 0, width, half))
    scene.paste(CORNERS["blue"], (0, half, third, height))
    return scene.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """`image` as a file of Pillow's format `kind`, or "HEIC"."""
    file = io.BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(file, quality=90, **options)
    else:
        image.save(file, kind, **options)
    return file.getvalue()


def exif_with(
    orientation: int | None = None, gps: dict[int, Any] | None = None, **tags: str
) -> Image.Exif:
    """An EXIF block with an orientation, a GPS directory and a few words."""
    exif = Image.Exif()
    if orientation is not None:
        exif[ORIENTATION] = orientation
    if gps is not None:
        exif[GPS_DIRECTORY] = gps
    for tag, text in tags.items():
        exif[{"maker": 0x010F, "description": 0x010E}[tag]] = text
    return exif


def gps_at(latitude: Any, longitude: Any, north: str = "N", east: str = "E") -> dict[int, Any]:
    """A GPS directory; each angle is (degrees, minutes, seconds)."""
    return {1: north, 2: latitude, 3: east, 4: longitude}


HUE = gps_at((16.0, 27.0, 48.6), (107.0, 35.0, 26.4))


def stored_as(orientation: int) -> Image.Image:
    """The upright scene as a camera held for `orientation` stores it."""
    method = TO_STORED[orientation]
    scene = create_scene()
    return scene if method is None else scene.transpose(method)


def opened(content: bytes) -> Image.Image:
    """A file of ours, decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def looks_upright(content: bytes) -> bool:
    """Whether the three corners of `create_scene` stand where they belong."""
    image = opened(content)
    width, height = image.size
    spots = {
        "red": (width // 6, height // 4),
        "green": (width * 5 // 6, height // 4),
        "blue": (width // 6, height * 3 // 4),
    }
    return width > height and all(
        near(image.getpixel(spot), CORNERS[name]) for name, spot in spots.items()
    )


def near(pixel: Any, colour: tuple[int, ...], within: int = 16) -> bool:
    """Whether a pixel has this colour, as far as JPEG keeps colours."""
    return all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True))


def mpo() -> bytes:
    """A phone's JPEG with a second picture behind the first."""
    return encoded(
        create_scene(), "MPO", save_all=True, append_images=[ImageOps.invert(create_scene())]
    )


def heic_collection() -> bytes:
    """Two still pictures in one HEIC file; the second is the primary one."""
    pictures = pillow_heif.from_pillow(Image.new("RGB", (64, 64)))
    pictures.add_from_pillow(create_scene())
    file = io.BytesIO()
    pictures.save(file, quality=90, primary_index=1)
    return file.getvalue()


def animated(kind: str) -> bytes:
    """Two frames in a GIF, PNG or WebP file."""
    frames = [create_scene(), ImageOps.invert(create_scene())]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_chunk(kind: bytes, content: bytes, crc: int = 0) -> bytes:
    """A PNG chunk; the checksum is wrong unless given."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def display_p3_profile() -> bytes:
    """The Display P3 profile: Pillow's sRGB one with its primaries (D50) and name replaced."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    primaries = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    for tag, values in primaries.items():
        entry = profile.index(tag)
        (offset,) = struct.unpack_from(">I", profile, entry + 4)
        fixed = struct.pack(">3i", *(round(value * 65536) for value in values))
        profile = profile[: offset + 8] + fixed + profile[offset + 20 :]
    return profile.replace("sRGB".encode("utf-16-be"), "DiP3".encode("utf-16-be"))
