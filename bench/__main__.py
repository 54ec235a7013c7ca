"""`make bench`: measure everything in one run and write bench/RESULTS.md."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import hostile, machine, pages, photos, places, submissions
from bench.rows import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = {
    "Submissions": submissions,
    "Photos": photos,
    "Hostile files": hostile,
    "Places": places,
    "Queries per page": pages,
}


def main() -> None:
    """Run the parts named on the command line, or all, and write what was found."""
    facts = machine.facts()
    sections = []
    for title, part in PARTS.items():
        if len(sys.argv) > 1 and part.__name__.rpartition(".")[2] not in sys.argv[1:]:
            continue
        print(f"{title} …", flush=True)
        rows = part.run()
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
