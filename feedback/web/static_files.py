"""Style sheets, scripts, fonts and icons, under addresses that change when any of them changes.

The address is `/static/<version>/<file>`. Imports between scripts and the fonts of a style sheet
are relative, so they inherit the version, and a browser may keep all of it for ever.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from config import ROOT

FOLDER = ROOT / "feedback" / "web" / "static"
ONE_YEAR = 365 * 24 * 3600
VERSION_LENGTH = 12
OUR_TEXT = ("css/", "js/")
COMMENTS = re.compile(r"^[ \t]*(?:/\*.*?\*/[ \t]*\n|//[^\n]*\n)", re.MULTILINE | re.DOTALL)
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
KINDS = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


def register(app: Flask) -> None:
    """Serve the static files, and let `url_for("static", filename=…)` put their version in."""
    files = files_in(FOLDER)
    current = version_of(files)

    def send(version: str, filename: str) -> Response:
        """One file. A page of an older version still gets it, but must not keep it."""
        path = files.get(filename)
        if path is None or not path.is_file():
            raise NotFound
        # Read whole, not streamed: it is small, and compressing a stream leaves its file open.
        content = path.read_bytes()
        if filename.startswith(OUR_TEXT):
            content = lean(content.decode()).encode()
        response = Response(content, mimetype=_kind(path))
        response.set_etag(current)
        if version == current:
            response.cache_control.public = True
            response.cache_control.max_age = ONE_YEAR
            response.cache_control.immutable = True
        else:
            response.cache_control.no_cache = True
        response.make_conditional(request)
        return response

    def put_version_in(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", current)

    app.add_url_rule("/static/<version>/<path:filename>", "static", send)
    app.url_defaults(put_version_in)


def files_in(folder: Path) -> dict[str, Path]:
    """Every file of a folder and its subfolders, by its path inside; nothing else is served."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def version_of(files: Mapping[str, Path]) -> str:
    """A fingerprint of the names and contents of files."""
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:VERSION_LENGTH]


def lean(source: str) -> str:
    """A script or style sheet of ours without its indentation and the comments on lines of their
    own: an eighth less on the way to a phone.

    Sound as long as no text in it goes over several lines, which a test watches.
    """
    return INDENTATION.sub("", COMMENTS.sub("", source))


def _kind(path: Path) -> str:
    # Not every machine's table of types knows these.
    guessed = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return guessed or "application/octet-stream"
