"""Copies the few files that browsers load from `node_modules` to `feedback/web/static/vendor`.

The faces that documents are printed in are made beside them. The folder is built anew beside the
old one and then put in its place, so that a stopped run leaves no half of it behind.
"""

import shutil
from pathlib import Path

from merge_fonts import merge_fonts

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "feedback" / "web" / "static" / "vendor"

# Target folder → files of the packages.
FILES = {
    "leaflet": ("leaflet/dist/leaflet.js", "leaflet/dist/leaflet.css"),
    "leaflet/images": (
        "leaflet/dist/images/layers.png",
        "leaflet/dist/images/layers-2x.png",
        "leaflet/dist/images/marker-icon.png",
        "leaflet/dist/images/marker-icon-2x.png",
        "leaflet/dist/images/marker-shadow.png",
    ),
    "fonts": tuple(
        f"@fontsource/be-vietnam-pro/files/be-vietnam-pro-{script}-{weight}-normal.woff2"
        for script in ("latin", "vietnamese")
        for weight in (400, 600)
    ),
}


def main() -> None:
    """Fill the folder; a file that a package no longer has is an error that names it."""
    draft = TARGET.with_name("vendor.draft")
    shutil.rmtree(draft, ignore_errors=True)
    for folder, names in FILES.items():
        (draft / folder).mkdir(parents=True)
        for name in names:
            shutil.copy(SOURCE / name, draft / folder)
    merge_fonts(SOURCE / "@fontsource" / "be-vietnam-pro", draft / "print")
    shutil.rmtree(TARGET, ignore_errors=True)
    draft.replace(TARGET)


if __name__ == "__main__":
    main()
