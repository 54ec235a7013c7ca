"""Makes the three faces that documents are printed in from the pieces that browsers load.

The package has each face cut into scripts, as compressed web fonts; typst reads whole TrueType
files. Run by `scripts/copy_assets.py`.
"""

import logging
import os
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

SCRIPTS = ("latin", "vietnamese", "latin-ext")  # of a sign in two of them the first one's is taken
FACES = ("400-normal", "400-italic", "600-normal")
# A font says when it was changed: the same pieces shall give the same file.
MADE_AT = "1700000000"


def merge_fonts(package: Path, target: Path) -> None:
    """Write the faces and their licence into a new folder `target`.

    Raises FileNotFoundError when the package has not got a piece.
    """
    target.mkdir(parents=True)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    os.environ.setdefault("SOURCE_DATE_EPOCH", MADE_AT)
    for face in FACES:
        with tempfile.TemporaryDirectory() as folder:
            pieces = [_plain(package, script, face, Path(folder)) for script in SCRIPTS]
            Merger().merge(pieces).save(target / f"be-vietnam-pro-{face}.ttf")
    (target / "LICENSE").write_bytes((package / "LICENSE").read_bytes())


def _plain(package: Path, script: str, face: str, folder: Path) -> str:
    """One piece without its compression."""
    font = TTFont(package / "files" / f"be-vietnam-pro-{script}-{face}.woff2")
    font.flavor = None
    path = folder / f"{script}.ttf"
    font.save(path)
    return str(path)
