"""The settings: what is read, what is refused in one line, and what is kept on the disk."""

import base64
import dataclasses
import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from config import Settings, SettingsError


def like_a_secret(name: str, length: int) -> str:
    """What looks like a random secret and is the same in every process of the tests."""
    digest = hashlib.shake_256(name.encode()).digest(length)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


STRONG = like_a_secret("strong", 48)
KEY, OLDER_KEY = like_a_secret("key", 32), like_a_secret("older key", 32)

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read settings whose data folder is this test's own."""

    def read_with(**env: str) -> Settings:
        return Settings.from_environment({"DATA_DIR": str(tmp_path / "data"), **env})

    return read_with


def refusal(read: Read, **env: str) -> list[str]:
    """The lines a refused environment is answered with."""
    with pytest.raises(SettingsError) as refused:
        read(**env)
    return str(refused.value).splitlines()


def test_nothing_set_gives_a_usable_development_city(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings.environment == "development"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/feedback.sqlite3"
    assert settings.redis_url.startswith("unix:///")
    assert settings.redis_embedded
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.time_zone == "Asia/Ho_Chi_Minh"
    assert settings.area_snap_metres == 500
    assert not settings.secure_cookies


def test_settings_cannot_be_changed(read: Read) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


def test_secrets_and_passwords_are_not_shown(read: Read) -> None:
    private = {"SECRET_KEY": STRONG, "SEALING_KEYS": KEY}
    shown = repr(read(DATABASE_URL="postgresql://a:hidden@db/city", **private))
    assert STRONG not in shown
    assert KEY not in shown
    assert "hidden" not in shown


@pytest.mark.parametrize("environment", ["development", "testing"])
def test_a_development_key_is_made_once_and_kept_private(
    read: Read, tmp_path: Path, environment: str
) -> None:
    first = read(ENVIRONMENT=environment).secret_key
    kept = tmp_path / "data" / "secret_key"
    assert len(first) >= 32
    assert read(ENVIRONMENT=environment).secret_key == first == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [entry.name for entry in kept.parent.glob(".secret*")] == []


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        pytest.param(STRONG[:31], id="too short"),
        "a" * 40,
        "abababababababababababababababababab",
        "change-me-please-change-me-please-1234",
        "0123456789012345678901234567890123456789",
        "this-is-the-development-key-of-our-city",
    ],
)
def test_production_refuses_a_missing_or_weak_secret_in_one_line(
    read: Read, tmp_path: Path, secret: str
) -> None:
    lines = refusal(read, ENVIRONMENT="production", SECRET_KEY=secret, SEALING_KEYS=KEY)
    assert len(lines) == 1
    assert lines[0].startswith("SECRET_KEY ")
    assert not (tmp_path / "data").exists()


def test_production_takes_a_strong_secret_and_sends_secure_cookies(read: Read) -> None:
    settings = read(ENVIRONMENT="production", SECRET_KEY=STRONG, SEALING_KEYS=KEY)
    assert settings.secret_key == STRONG
    assert settings.secure_cookies


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (KEY, (KEY,)),
        (f"{KEY}, {OLDER_KEY}", (KEY, OLDER_KEY)),
        (f"{KEY}\n{OLDER_KEY},none", (KEY, OLDER_KEY, "none")),
        ("none", ("none",)),
    ],
)
def test_sealing_keys_are_read_newest_first(read: Read, given: str, used: tuple[str]) -> None:
    settings = read(ENVIRONMENT="production", SECRET_KEY=STRONG, SEALING_KEYS=given)
    assert settings.sealing_keys == used


@pytest.mark.parametrize("given", ["", ",", "None", KEY[:-2], f"{KEY},short", "A" * 43, STRONG])
def test_production_refuses_missing_or_weak_sealing_keys_in_one_line(
    read: Read, given: str
) -> None:
    lines = refusal(read, ENVIRONMENT="production", SECRET_KEY=STRONG, SEALING_KEYS=given)
    assert len(lines) == 1
    assert lines[0].startswith("SEALING_KEYS ")
    assert KEY not in lines[0]


def test_a_developers_sealing_key_is_made_once_and_kept_private(read: Read, tmp_path: Path) -> None:
    [first] = read().sealing_keys
    kept = tmp_path / "data" / "sealing_key"
    assert read().sealing_keys == (first,) == (kept.read_text(),)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@db/city", "postgresql+psycopg://u:p@db/city"),
        (
            "postgresql://u:p@db/city?sslmode=require",
            "postgresql+psycopg://u:p@db/city?sslmode=require",
        ),
        ("postgresql+psycopg://u@db/city", "postgresql+psycopg://u@db/city"),
        ("sqlite:///city.sqlite3", "sqlite:///city.sqlite3"),
    ],
)
def test_database_addresses_name_the_driver(read: Read, given: str, used: str) -> None:
    assert read(DATABASE_URL=given).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("DATABASE_URL", "mysql://db/city"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "http://redis"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PUBLIC_URL", "city.example"),
        ("TIME_ZONE", "Hue"),
        ("TIME_ZONE", "../etc/passwd"),
        ("BRAND_COLOUR", "purple"),
        ("BRAND_COLOUR_DARK", "#fff; color: red"),
        ("CITY_MARK", "missing.svg"),
        ("MAP_CENTER", "north"),
        ("MAP_CENTER", "99,200"),
        ("MAP_ZOOM", "20"),
        ("MAP_TILES_URL", "https://tiles.invalid/map.png"),
        ("AREA_SNAP_METRES", "-1"),
        ("PHOTO_MAX_MEGABYTES", "0"),
    ],
)
def test_a_bad_value_is_named_in_one_line(read: Read, name: str, value: str) -> None:
    lines = refusal(read, **{name: value})
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} ")


def test_every_bad_value_is_named_at_once(read: Read) -> None:
    lines = refusal(read, PORT="x", TIME_ZONE="x", BRAND_COLOUR="x")
    assert [line.split()[0] for line in lines] == ["PORT", "TIME_ZONE", "BRAND_COLOUR"]


def test_an_empty_value_counts_as_not_set(read: Read) -> None:
    assert read(PORT="", REDIS_URL=" ", CITY_MARK="").port == 8000


def test_a_redis_of_the_operators_own_wins(read: Read) -> None:
    settings = read(REDIS_URL="redis://cache:6379/1")
    assert settings.redis_url == "redis://cache:6379/1"
    assert not settings.redis_embedded


def test_a_data_folder_that_cannot_be_made_is_one_line(read: Read, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    lines = refusal(read, DATA_DIR=str(tmp_path / "file" / "data"))
    assert len(lines) == 1
    assert lines[0].startswith("DATA_DIR ")


def test_a_listening_address_for_everyone_is_shown_as_one_a_browser_can_open(read: Read) -> None:
    assert read(HOST="0.0.0.0").public_url == "http://127.0.0.1:8000"
    assert read(HOST="::1", PORT="81").public_url == "http://[::1]:81"
    assert read(PUBLIC_URL="https://hue.invalid/").public_url == "https://hue.invalid"


def test_a_developer_gets_the_demo_city_with_its_name_unless_it_is_declined(read: Read) -> None:
    assert read().demo_city
    assert read().city_name_en == "Huế City"
    assert read(CITY_NAME_EN="Our Town").city_name_en == "Our Town"
    assert not read(DEMO_CITY="no").demo_city
    assert read(DEMO_CITY="no").city_name_en == "The City"
    assert not read(ENVIRONMENT="testing").demo_city


def test_production_refuses_the_demo_city(read: Read) -> None:
    strong = {"SECRET_KEY": STRONG, "SEALING_KEYS": KEY}
    lines = refusal(read, ENVIRONMENT="production", DEMO_CITY="yes", **strong)
    assert lines == ["DEMO_CITY must be no in production"]


def test_production_requires_the_second_factor(read: Read) -> None:
    assert not read().second_factor_required
    assert read(SECOND_FACTOR="required").second_factor_required
    assert refusal(read, SECOND_FACTOR="never") == [
        "SECOND_FACTOR must be one of required, offered, not 'never'"
    ]
    production = {"ENVIRONMENT": "production", "SECRET_KEY": STRONG, "SEALING_KEYS": "none"}
    assert read(**production).second_factor_required
    assert refusal(read, **production, SECOND_FACTOR="offered") == [
        "SECOND_FACTOR must be required in production"
    ]
