"""`flask statistics report` makes the printed reports and lists them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import MONDAY
from tests.operations.test_statistics import create_busy_weeks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MARCH = f"{MONDAY:%Y-%m}"


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    """The commands over a month of everything."""
    with app.app_context():
        create_busy_weeks()
    return app.test_cli_runner()


def test_a_report_is_made_once_and_corrected_with_a_reason(run: FlaskCliRunner) -> None:
    def made(*options: str) -> str:
        done = run.invoke(args=["statistics", "report", "make", "--period", MARCH, *options])
        assert done.exit_code == 0, done.output
        return done.output

    assert made() == made() == "Report 1 is there.\n"
    assert made("--scope", "unit:1") == "Report 2 is there.\n"
    assert made("--because", "Sai đơn vị") == "Report 3 is there.\n"
    listed = run.invoke(args=["statistics", "report", "list"]).output.splitlines()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert sorted(line[: line.index(today)].split() for line in listed) == [
        ["1", MARCH, "city", "edition", "1", "ready"],
        ["2", MARCH, "unit:1", "edition", "1", "ready"],
        ["3", MARCH, "city", "edition", "2", "ready"],
    ]


@pytest.mark.parametrize(
    ("options", "blamed"),
    [
        (["--period", "2199-01"], "--period"),
        (["--period", "30"], "--period"),
        (["--period", "2025-01"], "--period"),
        (["--period", MARCH, "--scope", "unit:77"], "--scope"),
        (["--period", MARCH, "--because", "x" * 501], "--because"),
    ],
)
def test_what_cannot_be_made_is_refused(
    run: FlaskCliRunner, options: list[str], blamed: str
) -> None:
    done = run.invoke(args=["statistics", "report", "make", *options])
    assert done.exit_code == 1
    assert f"{blamed} is not good." in done.output
