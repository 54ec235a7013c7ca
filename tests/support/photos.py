"""Photos as people might send them."""

import io

from PIL import Image


def photo_bytes(colour: str = "steelblue", size: tuple[int, int] = (640, 480)) -> bytes:
    """A small JPEG of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG")
    return target.getvalue()
