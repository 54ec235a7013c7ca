"""Open data: files anybody may load, and nothing in them that tells of a single rater."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.periods import PeriodKind, period_named
from feedback.domain.states import RatingLevel
from feedback.operations.publish_ratings import publish_ratings
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from tests.factories import (
    create_answered_case,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import new_client

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
THEN = NOW - 70 * DAY  # in a month that was over at least a week ago
MONTH = f"{THEN:%Y-%m}"


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """Without an account, over a city of one unit with seven cases, all rated satisfied."""
    with app.app_context():
        create_working_week()
        unit = create_unit("Đơn vị A")
        for _ in range(7):
            case = create_answered_case(unit, now=THEN)
            rate_report(
                case.report_id, level=RatingLevel.SATISFIED, city=the_city(), now=THEN + DAY / 24
            )
        refresh_statistics(city=the_city(), now=NOW)
        publish_ratings(city=the_city(), now=NOW)
    return new_client(app)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_page_offers_every_month_that_is_over(anybody: FlaskClient) -> None:
    page = anybody.get("/open-data").text
    assert f"window={MONTH}" in page
    assert f"window={NOW:%Y-%m}&" not in page
    assert "ratings.csv" in page


def test_the_page_has_months_then_quarters_then_years(anybody: FlaskClient) -> None:
    names = re.findall(r"window=([-\dQq]+)&amp;by=city", anybody.get("/open-data").text)
    kinds = [period_named(name, NOW.date()).kind for name in dict.fromkeys(names)]
    assert kinds == sorted(kinds, key=list(PeriodKind).index)


def test_figures_come_as_csv_and_json_and_are_the_same(anybody: FlaskClient) -> None:
    (row,) = table(anybody.get(f"/open-data/figures.csv?window={MONTH}&by=unit").text)
    told = anybody.get(f"/open-data/figures.json?window={MONTH}&by=unit").json
    (same,) = told["rows"]
    assert row["name"] == same["name"] == "Đơn vị A"
    assert int(row["received.count"]) == same["values"]["received"]["count"] == 7
    assert int(row["closed_fixed.count"]) == same["values"]["closed_fixed"]["count"] == 7
    assert not [name for name in row if "rated" in name or "satisfied" in name]


def test_ratings_come_as_published(anybody: FlaskClient) -> None:
    rows = {row["scope"]: row for row in table(anybody.get("/open-data/ratings.csv").text)}
    assert (rows["city"]["satisfied"], rows["city"]["hidden"]) == ("7", "False")
    assert (rows["unit:1"]["name"], rows["unit:1"]["satisfied"]) == ("Đơn vị A (en)", "7")
    months = anybody.get("/open-data/ratings.json").json["months"]
    assert {one["month"]: one["city"] for one in months}[MONTH] == [7, 0, 0]


@pytest.mark.parametrize(
    "address",
    [
        "/open-data/figures.xml?window=30",
        "/open-data/figures.csv?window=31",
        "/open-data/figures.csv?window=30&by=moon",
        "/open-data/ratings.xml",
    ],
)
def test_what_there_is_not_is_not_found(app: Flask, address: str) -> None:
    assert new_client(app).get(address).status_code == 404
