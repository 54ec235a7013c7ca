"""`flask reports import`: a file is taken over, and every refused row is told of."""

import gzip
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import create_category, create_service_level, create_unit
from tests.factories.report_imports import CONTENT, mapping_for


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder with a file and its mapping."""
    with app.app_context():
        level = create_service_level()
    (tmp_path / "map.toml").write_text(mapping_for(level.code), encoding="utf-8")
    (tmp_path / "old.csv").write_bytes(CONTENT)
    return tmp_path


def run(app: Flask, folder: Path, *options: str, file: str = "old.csv") -> tuple[int, str]:
    arguments = ["reports", "import", str(folder / file), "--mapping", str(folder / "map.toml")]
    done = app.test_cli_runner().invoke(args=[*arguments, *options])
    return done.exit_code, done.output


def test_a_file_is_taken_over_and_its_refused_rows_are_told_of(app: Flask, folder: Path) -> None:
    code, told = run(app, folder, "--refused", str(folder / "refused.csv"))
    assert code == 0
    assert "1 stored, 0 known already, 1 refused" in told
    assert "1 × done is before the report came in; the first in line 3" in told
    assert "New units: HEPCO" in told
    refused = (folder / "refused.csv").read_text(encoding="utf-8").splitlines()
    assert refused[1] == "3,2,done,is before the report came in,2026-02-01T09:00:00"
    assert "0 stored, 1 known already" in run(app, folder)[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_packed_file_is_read_and_a_dry_run_stores_nothing(app: Flask, folder: Path) -> None:
    packed = gzip.compress((folder / "old.csv").read_bytes())
    (folder / "old.csv.gz").write_bytes(packed)
    assert "1 would be stored" in run(app, folder, "--dry-run", file="old.csv.gz")[1]
    assert "1 stored, 0 known already" in run(app, folder, file="old.csv.gz")[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("map.toml", b"source = ", "is not TOML"),
        ("map.toml", b"source = 'old'", "time_zone: required"),
        ("old.csv", b"id,sent\n1,2", "lacks columns"),
        ("old.csv", b"id\xff\n", "is not a CSV file in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    app: Flask, folder: Path, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    code, told = run(app, folder)
    assert code == 1
    assert words in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_unknown_service_level_is_said_in_words(app: Flask, folder: Path) -> None:
    mapping = folder / "map.toml"
    with app.app_context():
        create_category()
        create_unit()
    mapping.write_text(mapping_for("nowhere"), encoding="utf-8")
    assert run(app, folder) == (
        1,
        f"Rows\nError: {mapping} cannot be used:\n  service_level: unknown\n",
    )
