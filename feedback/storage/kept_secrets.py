"""Random keys that a developer's installation makes for itself and keeps in its data folder."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def kept_secret(data_dir: Path, name: str, size: int) -> str:
    """A developer's own random key of `size` bytes, made on the first start and kept in a file.

    Two processes may start at once: the key is linked into place whole, and the first one wins.
    """
    path = data_dir / name
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=data_dir, prefix=f".{name}-")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_urlsafe(size))
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="ascii")
