"""One uploaded file in, two clean JPEG files out. Never runs in the web process."""

import io
import warnings
from dataclasses import dataclass

import pi_heif
from PIL import Image, ImageCms, UnidentifiedImageError

from feedback.domain.states import PhotoProblem
from feedback.imaging.header import MAX_OTHER_PIXELS, PhotoFormat, PhotoHeader, inspect_header
from feedback.imaging.rejection import PhotoRejected

LARGE_SIDE = 1600
SMALL_SIDE = 320
LARGE_QUALITY = 82
SMALL_QUALITY = 78

_PILLOW_FORMATS = {
    # MPO is a JPEG that Pillow calls by another name when further pictures follow the first.
    PhotoFormat.JPEG: ("JPEG", "MPO"),
    PhotoFormat.PNG: ("PNG",),
    PhotoFormat.WEBP: ("WEBP",),
}

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (Exif 2.32, tag 274)."""


@dataclass(frozen=True)
class Rendered:
    """Both sizes as JPEG files in sRGB, upright, without metadata; the large one's pixel size."""

    large: bytes
    small: bytes
    width: int
    height: int


def render(data: bytes) -> Rendered:
    """Decode `data` and encode it anew with longest sides of at most 1600 and 320 pixels.

    Nothing of the file but its pixels comes through: no EXIF, XMP, IPTC, comment, colour profile
    or byte behind the picture. Transparent parts turn white. Nothing is enlarged.

    Files from strangers go through `render_in_child`. Raises PhotoRejected: every problem of
    `inspect_header`, broken when the pixels cannot be decoded to the end (a cut-off file counts),
    too_much_memory when the limit was hit.
    """
    header = inspect_header(io.BytesIO(data), len(data))
    try:
        with warnings.catch_warnings():
            # Pillow warns about odd metadata, which is thrown away here, and about sheer size.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _render(data, header)
    except PhotoRejected:
        raise
    except MemoryError as error:
        raise PhotoRejected(PhotoProblem.TOO_MUCH_MEMORY) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRejected(PhotoProblem.TOO_MANY_PIXELS) from error
    except Exception as error:
        # Decoders answer damaged input with nearly every exception there is.
        raise PhotoRejected(PhotoProblem.BROKEN) from error


def _render(data: bytes, header: PhotoHeader) -> Rendered:
    image = _reduced(_open(data, header))
    if header.format is not PhotoFormat.HEIC and header.orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[header.orientation])
    image = _on_white(_to_srgb(image))
    # A new, bare picture: JPEG comments and the like would travel on in `info`.
    image.info = {}
    large = _jpeg(image, LARGE_QUALITY)
    width, height = image.size
    image.thumbnail((SMALL_SIDE, SMALL_SIDE), reducing_gap=2.0)
    return Rendered(large, _jpeg(image, SMALL_QUALITY), width, height)


def _open(data: bytes, header: PhotoHeader) -> Image.Image:
    """The picture in a mode that can be resized, decoded only where it cannot be put off."""
    if header.format is PhotoFormat.HEIC:
        return _open_heic(data)
    try:
        image = Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS[header.format])
    except UnidentifiedImageError as error:
        raise PhotoRejected(PhotoProblem.BROKEN) from error
    if image.size != (header.width, header.height):
        # The limits were checked on other numbers than the decoder goes by.
        raise PhotoRejected(PhotoProblem.BROKEN)
    if header.format is PhotoFormat.JPEG:
        image.draft(None, _fitted(image.size, LARGE_SIDE))
        return image
    if getattr(image, "is_animated", False):
        raise PhotoRejected(PhotoProblem.ANIMATED)
    return _resizable(image)


def _open_heic(data: bytes) -> Image.Image:
    """The primary picture of a HEIC file, upright.

    HEIC turns pictures by a property of its own that the decoder applies; the orientation in its
    EXIF block repeats the same turn for the record and must not be applied again.
    """
    # Threads of their own each reserve address space by the 64 MiB, which the limit would count.
    pi_heif.options.DECODE_THREADS = 0
    pi_heif.options.THUMBNAILS = False
    pi_heif.options.DEPTH_IMAGES = False
    pi_heif.options.AUX_IMAGES = False
    file = pi_heif.open_heif(io.BytesIO(data))
    if file.size[0] * file.size[1] > MAX_OTHER_PIXELS:
        raise PhotoRejected(PhotoProblem.TOO_MANY_PIXELS)
    try:
        image: Image.Image = file.to_pillow()
    except RuntimeError as error:
        if str(error).startswith("Memory allocation error"):
            raise PhotoRejected(PhotoProblem.TOO_MUCH_MEMORY) from error
        raise
    return image


def _resizable(image: Image.Image) -> Image.Image:
    """Palettes, single bits and 16-bit greys cannot be averaged as they are."""
    if image.mode.startswith("I"):
        # Pillow would clip 16 bits to the lowest 8 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """`size` scaled down so that its longer side is at most `side`; never zero."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, size[0] * side // longest), max(1, size[1] * side // longest)


def _reduced(image: Image.Image) -> Image.Image:
    """Scale down to the large size first, so that all that follows handles few pixels."""
    image.thumbnail((LARGE_SIDE, LARGE_SIDE), reducing_gap=2.0)
    # thumbnail() leaves a picture that is small enough alone, undecoded.
    image.load()
    return image


def _to_srgb(image: Image.Image) -> Image.Image:
    """Convert through the embedded colour profile, so that Display P3 photos keep their colours.

    A profile that cannot be used is ignored, as browsers do: the photo is worth more than its
    exact tint.
    """
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if converted is None else converted


def _on_white(image: Image.Image) -> Image.Image:
    """An RGB picture; what was transparent shows white."""
    if image.mode not in ("RGBA", "LA", "PA", "RGBa"):
        return image.convert("RGB")
    coloured = image.convert("RGBA")
    white = Image.new("RGB", coloured.size, "white")
    white.paste(coloured, mask=coloured.getchannel("A"))
    return white


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, progressive=True, optimize=True)
    return file.getvalue()
