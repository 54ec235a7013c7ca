"""Style sheets, scripts, fonts and icons, under addresses that change when any of them changes.

The address is `/static/<version>/<file>`. Imports between scripts and the fonts of a style sheet
are relative, so they inherit the version, and a browser may keep all of it for ever.
"""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, send_from_directory
from flask.typing import ResponseReturnValue

from config import ROOT

FOLDER = ROOT / "feedback" / "web" / "static"
ONE_YEAR = 365 * 24 * 3600
VERSION_LENGTH = 12


def register(app: Flask) -> None:
    """Serve the static files, and let `url_for("static", filename=…)` put their version in."""
    version = version_of(FOLDER)

    def send(version_asked: str, filename: str) -> ResponseReturnValue:
        """One file. A page of an older version still gets it, but must not keep it."""
        current = version_asked == version
        response = send_from_directory(FOLDER, filename, max_age=ONE_YEAR if current else 0)
        response.cache_control.immutable = True if current else None
        return response

    def put_version_in(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version_asked", version)

    app.add_url_rule("/static/<version_asked>/<path:filename>", "static", send)
    app.url_defaults(put_version_in)


def version_of(folder: Path) -> str:
    """A fingerprint of the names and contents of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]
