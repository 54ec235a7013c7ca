"""`flask privacy`: keys are rotated, one person's data is written out and erased."""

import stat
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Report, Reporter
from tests.factories import (
    create_closed_report,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def report_id(app: Flask) -> int:
    with app.app_context():
        create_working_week()
        return create_closed_report(
            create_unit(),
            photo_ids=(create_upload(processed=True),),
            contact_email="lan@example.com",
            consent_version="1",
        ).report_id


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["privacy", *arguments])
    return done.exit_code, done.output


def test_rotating_tells_how_far_it_is(app: Flask, report_id: int) -> None:
    with app.app_context(), transaction(the_city()) as session:
        row = session.query(Reporter).one()
        row.sealed, row.email = None, "lan@example.com"
    code, said = run(app, "rotate-keys")
    assert code == 0
    assert said.splitlines() == [
        "0 of 1 values sealed with the newest key",
        "1 of 1 values sealed with the newest key",
        "Done: nothing is sealed with an older key.",
    ]


def test_an_export_is_for_its_owners_eyes_and_overwrites_nothing(
    app: Flask, report_id: int, tmp_path: Path
) -> None:
    file = tmp_path / "lan.zip"
    asked = ("export", str(file), "--email", "LAN@example.com", "--reason", "Letter of 12 March")
    assert run(app, *asked) == (0, f"1 reports and 1 photos are in {file}.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "data.json" in zipfile.ZipFile(file).namelist()
    code, said = run(app, *asked)
    assert (code, "exists already" in said) == (1, True)
    nobody = tmp_path / "nobody.zip"
    code, said = run(app, "export", str(nobody), "--phone", "0905123456", "--reason", "Letter")
    assert (code, "person not found" in said) == (1, True)
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["lan.zip"]


def test_erasing_asks_once_more(app: Flask, report_id: int) -> None:
    asked = ("erase", "--email", "lan@example.com", "--reason", "Letter of 12 March")
    assert run(app, *asked)[0] == 1
    code, said = run(app, *asked, "--yes")
    assert code == 0
    assert said.startswith("1 reports and 2 photos erased; 0 open reports")
    with app.app_context(), reading() as session:
        assert session.get_one(Report, report_id).text == "[đã xóa]"


@pytest.mark.parametrize("who", [(), ("--email", "a@b.vn", "--phone", "0905123456")])
def test_one_contact_is_asked_for(app: Flask, report_id: int, who: tuple[str, ...]) -> None:
    code, said = run(app, "erase", *who, "--reason", "Letter", "--yes")
    assert (code, "either --email or --phone" in said) == (2, True)
    assert run(app, "retain") == (0, "0 reports anonymised.\n")
