"""Rules of the whole tree that no linter of ours knows."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT

LONGEST_FILE = 400
LONGEST_FUNCTION = 70
GENERATED = {
    *(".git", ".venv", "node_modules", "instance", "build", "vendor", "screenshots"),
    *("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    ".import_linter_cache",
}
BINARY = {".png", ".jpg", ".jpeg", ".heic", ".webp", ".woff2", ".mo", ".ico", ".gif", ".pyc"}

# Where packages come from is the machine's configuration, never the project's.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|npmjs|registry\.yarn|unpkg|jsdelivr|cdnjs|fonts\.g(?:oogle|static)"
    r"|deb\.debian|--(?:extra-)?index-url\s+\S*:",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.$)}\]])/(?:home|root|work|tmp|Users)/\w")
LEFT_OUT = re.compile(r"pytest\.(?:skip|xfail|importorskip)|mark\.(?:skip|xfail)|unittest\.skip")


def sources(*suffixes: str) -> Iterator[Path]:
    """Every text file of the project itself with one of the suffixes, or every one at all."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - GENERATED)
        for name in sorted(set(names) - GENERATED):
            path = Path(folder, name)
            if path.suffix not in BINARY and (not suffixes or path.suffix in suffixes):
                yield path


def written_python() -> Iterator[Path]:
    """The Python that people write: a migration is generated, and one long list."""
    return (path for path in sources(".py") if "versions" not in path.parts)


def lines_with(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    """Each place where the pattern occurs, but for this file, which has to spell it."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources(*suffixes)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_imports_only_go_down() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_test_is_left_out() -> None:
    assert lines_with(LEFT_OUT, ".py") == []


def test_python_files_are_short_enough_to_read() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in written_python()}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short_enough_to_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in written_python()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY, '"resolved": "https://unpkg.example/leaflet"'),
        (REGISTRY, "--index-url https://mirror.invalid/simple"),
        (MACHINE_PATH, 'open("/home/lan/reports.csv")'),
        (MACHINE_PATH, "cd /tmp/city"),
        (LEFT_OUT, "@pytest.mark.skip"),
    ],
)
def test_the_rules_find_what_they_forbid(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
