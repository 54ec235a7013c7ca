"""The facts of the machine a result was measured on."""

import os
import platform
import re
import sqlite3
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("flask", "sqlalchemy", "gunicorn", "rq", "pillow", "shapely", "psycopg")


def load() -> str:
    """How busy the machine has been during the last one, five and fifteen minutes."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def facts() -> list[str]:
    """One line a fact."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return [
        f"{os.cpu_count()} cores ({model[1] if model else 'unknown'}), "
        f"{int(memory[1]) // 1024 // 1024 if memory else '?'} GiB",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    ]
