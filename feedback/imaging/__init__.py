"""Photos: what a file claims to be, and the two clean pictures made from it.

`inspect_header` runs in the web process while the sender waits. It reads a few bounded pieces of
the file with `struct` and calls no decoder: a JPEG of four million empty segments keeps Pillow's
lazy `open` busy for seconds, and a fault inside a C library would take the web server with it.

`render_in_child` decodes, in a process of its own with a ceiling on its memory. It is what jobs
call; `render` is the bare work inside it.

Importing this package registers nothing with Pillow: HEIC files are opened by calling the decoder
directly, so no other code in the process starts to accept them by surprise.
"""

from feedback.imaging.header import (
    MAX_FILE_BYTES,
    MAX_JPEG_PIXELS,
    MAX_OTHER_PIXELS,
    PhotoFormat,
    PhotoHeader,
    inspect_header,
)
from feedback.imaging.isolation import DecodingInterrupted, render_in_child
from feedback.imaging.memory import memory_limit
from feedback.imaging.rejection import PhotoRejected
from feedback.imaging.rendering import LARGE_SIDE, SMALL_SIDE, Rendered, render

__all__ = [
    "LARGE_SIDE",
    "MAX_FILE_BYTES",
    "MAX_JPEG_PIXELS",
    "MAX_OTHER_PIXELS",
    "SMALL_SIDE",
    "DecodingInterrupted",
    "PhotoFormat",
    "PhotoHeader",
    "PhotoRejected",
    "Rendered",
    "inspect_header",
    "memory_limit",
    "render",
    "render_in_child",
]
