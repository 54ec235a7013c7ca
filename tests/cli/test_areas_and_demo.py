"""`flask areas` and `flask demo` as somebody at a terminal meets them."""

from pathlib import Path
from secrets import token_urlsafe

import pytest
from click.testing import Result
from flask import Flask

from config import Settings
from feedback.app import create_app
from feedback.demo import wards
from feedback.demo.logins import PASSWORD
from feedback.extensions import db

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def import_areas(app: Flask, file: Path, *more: str) -> Result:
    return run(app, "areas", "import", file, "--valid-from", "2025-07-01", *more)


def test_areas_are_imported_and_again_without_a_change(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "wards.geojson"
    file.write_text(wards.geojson(), encoding="utf-8")
    first = import_areas(app, file, "--approximate", "--source", "a test")
    assert first.output == "40 areas added, 0 changed, 0 unchanged, 0 ended\n"
    again = import_areas(app, file, "--approximate", "--source", "a test")
    assert again.output == "0 areas added, 0 changed, 40 unchanged, 0 ended\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"wards", "not JSON"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}', "feature 0: no_prop"),
    ],
)
def test_a_bad_file_is_refused_in_words(
    app: Flask, tmp_path: Path, content: bytes, complaint: str
) -> None:
    file = tmp_path / "wards.geojson"
    file.write_bytes(content)
    result = import_areas(app, file)
    assert result.exit_code == 1
    assert complaint in result.output


def test_the_demo_loads_once_and_tells_who_may_log_in(app: Flask) -> None:
    loaded = run(app, "demo", "load", "--reports", "3", "--now", "2026-11-20T16:00+07:00")
    assert loaded.exit_code == 0, loaded.output
    assert "3 reports" in loaded.output
    again = run(app, "demo", "load", "--reports", "3")
    assert again.exit_code == 1
    assert "needs an empty one" in again.output
    accounts = run(app, "demo", "accounts").output
    assert PASSWORD in accounts
    assert "hepco.truong" in accounts


@pytest.mark.parametrize("now", ["yesterday", "2026-11-20T16:00"])
def test_the_demo_refuses_a_moment_that_is_none(app: Flask, now: str) -> None:
    result = run(app, "demo", "load", "--now", now)
    assert result.exit_code == 2
    assert "--now" in result.output


def test_preparing_a_developers_empty_database_loads_the_demo_city_once(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.cli.prepare.REPORTS", 2)
    app = create_app(Settings.from_environment(environment | {"ENVIRONMENT": "development"}))
    assert "Loading the demo city" in run(app, "prepare").output
    assert "Loading" not in run(app, "prepare").output
    _close(app)


def test_the_demo_is_refused_in_production(environment: dict[str, str]) -> None:
    strong = {"ENVIRONMENT": "production", "SECRET_KEY": token_urlsafe(48), "SEALING_KEYS": "none"}
    app = create_app(Settings.from_environment(environment | strong))
    refused = run(app, "demo", "load")
    assert refused.exit_code == 1
    assert "not for production" in refused.output
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
