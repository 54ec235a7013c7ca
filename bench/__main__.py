"""`make bench`: measure everything in one run and write bench/RESULTS.md."""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import city_pages, hostile, imports, load, machine, pages, photos, places, submissions
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
}


def main() -> None:
    """Run the parts named on the command line, or all, and write what was found."""
    # A line for each request, thousands of them, would drown the table.
    logging.getLogger("feedback.requests").setLevel(logging.WARNING)
    facts = machine.facts()
    sections = []
    for title, part in PARTS.items():
        if len(sys.argv) > 1 and part.__name__.rpartition(".")[2] not in sys.argv[1:]:
            continue
        print(f"{title} …", flush=True)
        rows = part.run()
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        rows.append(Row("load of the machine after it", load))
        for row in rows:
            print(f"  {row.name}: {row.figure} {f'(wanted {row.wanted})' if row.wanted else ''}")
        sections.append(_section(title, rows))
    if len(sections) < len(PARTS):
        return
    header = [
        "# Results",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. Ratios are medians of pairs "
        "measured in turns in this one run; absolute figures depend on the machine.",
        "",
        *(f"* {fact}" for fact in facts),
    ]
    RESULTS.write_text("\n".join([*header, *sections]) + "\n", encoding="utf-8")


def _section(title: str, rows: list[Row]) -> str:
    lines = ["", f"## {title}", "", "| what | figure | wanted |", "|---|---|---|"]
    lines += [f"| {row.name} | {row.figure} | {row.wanted} |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
