"""`flask statistics show` prints what the supervisors' pages show."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from feedback.domain.figure_values import MEASURES
from feedback.domain.states import RatingLevel
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from tests.factories import (
    create_answered_case,
    create_category,
    create_unit,
    create_working_week,
    the_city,
)

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    """The commands over twelve cases of two units, six of them rated."""
    with app.app_context():
        create_working_week()
        units, category = [create_unit("Đơn vị A"), create_unit("Đơn vị B")], create_category()
        for n in range(12):
            came = NOW - (14 - n) * DAY
            case = create_answered_case(units[n % 2], category=category, now=came)
            if n % 2:
                rate_report(
                    case.report_id, level=list(RatingLevel)[n % 3], city=the_city(), now=came + DAY
                )
        refresh_statistics(city=the_city(), now=NOW)
    return app.test_cli_runner()


def show(run: FlaskCliRunner, *options: str) -> str:
    done = run.invoke(args=["statistics", "show", *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_json_has_every_unit_with_its_values(run: FlaskCliRunner) -> None:
    told = json.loads(
        show(run, "--by", "unit", "--measure", "time_to_answer", "--measure", "satisfied",
             "--measure", "received", "--format", "json")
    )  # fmt: skip
    assert [row["name"] for row in told] == ["Đơn vị A", "Đơn vị B"]
    first, second = (row["values"] for row in told)
    assert first["received"] == second["received"] == {"count": 6}
    assert first["time_to_answer"]["working"]["cases"] == 6
    assert first["time_to_answer"]["working"]["median_reason"] == "not_enough"
    assert first["satisfied"] == {"numerator": 0, "denominator": 0, "percent": None}
    assert second["satisfied"]["denominator"] == 6
    assert second["satisfied"]["low"] < second["satisfied"]["percent"] < second["satisfied"]["high"]


def test_csv_has_a_column_for_every_value_of_every_measure(run: FlaskCliRunner) -> None:
    asked = [word for measure in MEASURES for word in ("--measure", measure)]
    (row,) = csv.DictReader(io.StringIO(show(run, "--window", "90", *asked, "--format", "csv")))
    assert row["scope"] == "city"
    assert row["received.count"] == "12"
    assert row["satisfied.denominator"] == "6"
    assert row["backlog.count"] == "0"
    assert row["time_to_fix.working.cases"] == "12"


def test_a_table_names_its_window_and_data_time(run: FlaskCliRunner) -> None:
    told = show(run, "--measure", "on_time_original")
    assert NOW.isoformat() in told
    assert "on_time_original.denominator" in told


@pytest.mark.parametrize("options", [["--window", "8", "--measure", "fixed"], ["--measure", "x"]])
def test_what_is_not_known_is_said(run: FlaskCliRunner, options: list[str]) -> None:
    done = run.invoke(args=["statistics", "show", *options])
    assert done.exit_code == 1
    assert "is not known" in done.output
