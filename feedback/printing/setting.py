"""The bare work of setting a document, in whatever process it is called."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, cast

import typst

from feedback.printing.words import breakable

TEMPLATES = Path(__file__).with_name("templates")
FONTS = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor" / "print"
FAMILY = "Be Vietnam Pro"
# Sets a word in each face, so that all of them are in memory before files are out of reach.
_FIRST_WORDS = b'#set text(font: "Be Vietnam Pro")\nA *A* _A_ #text(font: "Libertinus Serif")[A]'


class PrintingFailed(RuntimeError):
    """A document could not be set; the message says why."""


class Template(StrEnum):
    """The documents there are, each a file of the templates folder."""

    LETTER = "letter"
    COMMITMENT = "commitment"
    PERIOD = "period"


class Setter:
    """Typst with our faces and templates in memory.

    After `__init__` it needs no file any more. Not to be used in a process that forks afterwards:
    typst keeps threads.
    """

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
        if FAMILY not in fonts.families():
            raise PrintingFailed(f"no fonts for documents in {FONTS}: run make assets")
        self._sources: dict[str, bytes] = {
            path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")
        }
        # The library takes sources in memory, and its types do not know it.
        compiler: Any = typst.Compiler(
            root=TEMPLATES,
            font_paths=fonts,
            ignore_system_fonts=True,
            # Nothing lies here: packages are neither found nor kept.
            package_path=TEMPLATES / "packages",
            package_cache_path=TEMPLATES / "packages",
        )
        self._compile = compiler.compile
        self._compile({"main.typ": _FIRST_WORDS}, format="pdf")

    def pdf(self, template: Template, data: Mapping[str, Any], at: datetime) -> bytes:
        """The document as PDF; `at` is the moment it says it was made. Raises PrintingFailed."""
        return cast(bytes, self._set(template, data, at, "pdf"))

    def pictures(self, template: Template, data: Mapping[str, Any], at: datetime) -> list[bytes]:
        """Each page as a PNG file, to be looked at. Raises PrintingFailed."""
        made = self._set(template, data, at, "png")
        return [made] if isinstance(made, bytes) else made

    def _set(
        self,
        template: Template,
        data: Mapping[str, Any],
        at: datetime,
        form: Literal["pdf", "png"],
    ) -> bytes | list[bytes]:
        words = json.dumps(breakable(data), ensure_ascii=False)
        sources = {**self._sources, "main.typ": self._sources[f"{template}.typ"]}
        try:
            made = self._compile(
                sources,
                format=form,
                sys_inputs={"data": words},
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            raise PrintingFailed(str(error)) from error
        if not made:
            raise PrintingFailed("nothing was set")
        return cast("bytes | list[bytes]", made)
