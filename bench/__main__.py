"""`make bench`: measure everything and write it to bench/RESULTS.md."""

import logging
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    changes,
    city_pages,
    hostile,
    imports,
    load,
    machine,
    pages,
    photos,
    places,
    sqlite_city,
    submissions,
    supervisors,
)
from bench.rows import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = {
    "Submissions": submissions,
    "Photos": photos,
    "Hostile files": hostile,
    "Places": places,
    "Imports": imports,
    "Queries per page": pages,
    "Pages of a large city": city_pages,
    "A city under load": load,
    "Changes and figures": changes,
    "Supervisors of a large city": supervisors,
    "A city on SQLite": sqlite_city,
}


def main() -> None:
    """Run the parts named on the command line, or all, and write what each has found."""
    # A line for each request, thousands of them, would drown the table.
    logging.getLogger("feedback.requests").setLevel(logging.WARNING)
    asked = sys.argv[1:]
    for title, part in PARTS.items():
        if asked and part.__name__.rpartition(".")[2] not in asked:
            continue
        print(f"{title} …", flush=True)
        before = machine.load()
        rows = part.run()
        rows.append(
            Row("load of the machine before and after it", f"{before} and {machine.load()}")
        )
        for row in rows:
            print(f"  {row.name}: {row.figure} {f'(wanted {row.wanted})' if row.wanted else ''}")
        _write(title, rows)


def _write(title: str, rows: list[Row]) -> None:
    """Put a section in the place of the one before; the others stay, each with its own date."""
    words = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = re.split(r"^## ", words, flags=re.MULTILINE)[1:]
    known = {section.partition("\n")[0]: section for section in sections}
    known[title] = _section(title, rows)
    in_order = [f"## {known[name].strip()}\n" for name in PARTS if name in known]
    RESULTS.write_text("\n".join([_HEAD, *in_order]), encoding="utf-8")


_HEAD = """# Results

Written by `make bench`, or by `python -m bench PART …` for some parts; each part says when and on
what it was measured. Ratios are medians of pairs measured in turns in one run; absolute figures
depend on the machine.
"""


def _section(title: str, rows: list[Row]) -> str:
    about = ". ".join([f"Measured on {datetime.now(UTC):%Y-%m-%d}", *machine.facts()])
    lines = [title, "", f"{about}.", "", "| what | figure | wanted |", "|---|---|---|"]
    lines += [f"| {row.name} | {row.figure} | {row.wanted} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
