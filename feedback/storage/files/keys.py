"""The names files are kept under.

Originals are private and named by chance, so that an upload can be stored before anything is known
about it. Finished photos are public and named by their content: the same picture is kept once, a
name never changes its meaning, and caches may keep it for ever.
"""

import hashlib
import re
import secrets

_KEY = re.compile(r"[a-z]+/[A-Za-z0-9_-]{8,128}(\.[a-z0-9]{1,8})?")

ORIGINALS = "originals/"
PHOTOS = "photos/"
DOCUMENTS = "documents/"
IMPORTS = "imports/"


def original_key(token: str | None = None) -> str:
    """A key for an upload as it came in.

    `token` is 8 to 128 URL-safe characters, drawn at random (192 bits) when not given. Raises
    ValueError for any other token.
    """
    return checked(ORIGINALS + (token or secrets.token_urlsafe(24)))


def photo_key(content: bytes) -> str:
    """The key of a finished JPEG file: the SHA-256 of its bytes in hexadecimal."""
    return f"{PHOTOS}{hashlib.sha256(content).hexdigest()}.jpg"


def document_key(content: bytes, form: str = "pdf") -> str:
    """The key of a PDF file, or of another form: the SHA-256 of its bytes in hexadecimal."""
    return f"{DOCUMENTS}{hashlib.sha256(content).hexdigest()}.{form}"


def import_key(*, packed: bool) -> str:
    """A key for a file of another system's reports; private, and named by chance like an upload."""
    return f"{IMPORTS}{secrets.token_urlsafe(24)}.{'gz' if packed else 'csv'}"


def refused_rows_key(content: bytes) -> str:
    """The key of the rows an import refused: the SHA-256 of the bytes, so that it is kept once."""
    return f"{IMPORTS}{hashlib.sha256(content).hexdigest()}.csv"


def checked(key: str) -> str:
    """`key` itself, when it is a folder's word, a slash and a plain name.

    Raises ValueError for everything else: no traversal, no absolute or hidden path, no other
    characters, so that a key can be a path on any file system and in any bucket.
    """
    if not is_key(key):
        raise ValueError("not a key of the file store")
    return key


def is_key(text: str) -> bool:
    """Whether `checked` would take it."""
    return _KEY.fullmatch(text) is not None
