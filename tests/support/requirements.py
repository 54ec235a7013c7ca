"""What the tests need of the machine; a missing piece is a failure that says what to install."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

POSTGRESQL_FOLDERS = "/usr/lib/postgresql"  # Debian keeps the server's programs off the PATH


def missing(what: str, how: str) -> NoReturn:
    """Fail the test, in one line, because the machine lacks something."""
    pytest.fail(f"{what} is missing: {how}", pytrace=False)


def postgresql_binary(name: str) -> Path:
    """One of PostgreSQL's server programs, of the newest version there is."""
    versions = sorted(
        (path for path in Path(POSTGRESQL_FOLDERS).glob("*/bin") if (path / name).exists()),
        key=lambda path: float(path.parent.name),
    )
    if versions:
        return versions[-1] / name
    found = shutil.which(name)
    if found:
        return Path(found)
    missing("The PostgreSQL server", "run make test as root, or apt-get install postgresql")


def chromium_binary() -> Path:
    """The browser; `CHROMIUM` in the environment names another one than the PATH's.

    The one without windows of its own does the same with little more than half the work.
    """
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else ("chromium-headless-shell", "chromium"):
        found = shutil.which(name)
        if found:
            return Path(found)
    missing("Chromium", "run make test as root, or apt-get install chromium-headless-shell")
