"""The files a production machine is set up with fit the product they come with."""

import re
import secrets
from configparser import ConfigParser
from pathlib import Path

from config import ROOT, Settings
from feedback.cli import backup
from feedback.domain.events import QUEUES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("feedback*"))
# Read by the web server and its measures, not by the settings.
OF_THE_SERVER = {"PROMETHEUS_MULTIPROC_DIR"}


class Unit(ConfigParser):
    """A unit file; some of its names may stand several times."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",))
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(path, encoding="utf-8")


def services() -> dict[str, Unit]:
    """Every unit that runs something, by its file name."""
    return {path.name: Unit(path) for path in UNITS if path.suffix == ".service"}


def test_the_target_wants_every_process_of_a_city() -> None:
    wanted = Unit(DEPLOY / "systemd" / "feedback.target")["Unit"]["Wants"].split()
    assert set(wanted) == {
        "feedback-web.service",
        "feedback-relay.service",
        *(f"feedback-worker@{queue}.service" for queue in QUEUES),
    }


def test_every_service_runs_as_its_own_user_in_a_narrow_room() -> None:
    assert len(services()) == 4
    for name, unit in services().items():
        service = unit["Service"]
        assert service["User"] == "feedback", name
        assert service["NoNewPrivileges"] == "yes", name
        assert service["ProtectSystem"] == "strict", name
        assert service["StateDirectory"].split()[0] == "feedback", name


def test_the_nightly_backup_is_made_and_checked_by_commands_that_exist() -> None:
    text = (DEPLOY / "systemd" / "feedback-backup.service").read_text(encoding="utf-8")
    asked = [line.split() for line in re.findall(r"^ExecStart=.* backup (.*)$", text, re.MULTILINE)]
    assert [name for name, *_ in asked] == ["create", "verify"]
    for name, *arguments in asked:
        known = {
            option
            for parameter in backup.commands.commands[name].params
            for option in parameter.opts
        }
        assert {word for word in arguments if word.startswith("--")} <= known


def test_every_setting_of_the_example_is_one_the_product_reads() -> None:
    readers = ("config.py", "feedback/cli/backup.py")
    source = "".join((ROOT / name).read_text(encoding="utf-8") for name in readers)
    for line in (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name = line.partition("=")[0]
            assert name in OF_THE_SERVER or re.search(rf"\b{name}\b", source), name


def test_the_example_without_its_secret_is_refused(tmp_path: Path) -> None:
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert given["ENVIRONMENT"] == "production"
    assert given["SECRET_KEY"] == ""
    assert given["SEALING_KEYS"] == ""
    secret, key = "kX9v" * 2 + "Zq7-Lm2_Wd5!Rt8p" * 2, secrets.token_urlsafe(32)
    filled = {**given, "DATA_DIR": str(tmp_path), "SECRET_KEY": secret, "SEALING_KEYS": key}
    assert Settings.from_environment(filled).secure_cookies


def test_the_proxy_takes_what_a_report_with_all_its_photos_may_weigh(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    found = re.search(r"client_max_body_size (\d+)m;", text)
    assert found is not None
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    assert int(found[1]) * 1024 * 1024 >= settings.maximum_request_bytes


def test_no_secret_link_stands_in_the_log_of_the_proxy() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    [form] = re.findall(r"log_format feedback '(.*)';", text)
    assert "$feedback_logged_uri" in form
    assert not re.search(r"\$(request|request_uri|uri|args|http_referer)\b", form)
