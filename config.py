"""Everything the operator can set, read once from the environment into a frozen object.

Defaults make `make run` work with nothing set: SQLite, an embedded Redis-compatible server and
photos on the local disk, all under `DATA_DIR`. In production a strong `SECRET_KEY` is required.
In development an empty database gets the demo city with its name and colours, or not with
`DEMO_CITY=no`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedback.delivery.embedded_redis import SocketPathTooLong, socket_path
from feedback.delivery.mail import FOLDER, NONE, parse_mail_url
from feedback.demo.data_files import city_settings
from feedback.storage.kept_secrets import kept_secret
from feedback.storage.sealing import NO_KEY, key_bytes

ROOT: Final = Path(__file__).resolve().parent
VERSION: Final[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "version"
]
ENVIRONMENTS: Final = ("development", "production", "testing")
MEGABYTE: Final = 1024 * 1024
MEGAPIXEL: Final = 1_000_000
SECRET_LENGTH: Final = 32
SECRET_VARIETY: Final = 10
TOKEN_LENGTH: Final = 20
# Parts of the placeholders that stand in tutorials and sample files.
WEAK_SECRET = re.compile(
    r"change.?me|change.?this|replace.?me|secret.?key|your.?secret|pass.?word|development|example"
    r"|0123456789|1234567890|abcdefgh|qwerty",
    re.IGNORECASE,
)
T = TypeVar("T")
POSTGRESQL = re.compile(r"^postgres(?:ql)?(?:\+psycopg)?://")


class SettingsError(SystemExit):
    """The environment cannot be used; the message has one line for each bad value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The product's settings. Sizes in bytes or pixels, distances in metres, colours `#rrggbb`."""

    environment: str
    secret_key: str = field(repr=False)
    sealing_keys: tuple[str, ...] = field(repr=False)
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    redis_embedded: bool
    host: str
    port: int
    public_url: str
    time_zone: str
    demo_city: bool
    city_name_vi: str
    city_name_en: str
    brand_colour: str
    brand_colour_dark: str
    city_mark: Path | None
    map_center: tuple[float, float]
    map_zoom: int
    map_tiles_url: str | None
    map_tiles_attribution: str
    area_snap_metres: int
    repeat_metres: int
    repeat_days: int
    photo_max_bytes: int
    photo_max_pixels_jpeg: int
    photo_max_pixels_other: int
    photo_memory_bytes: int
    photos_per_report: int
    photos_per_rating: int
    import_max_bytes: int
    job_patience_percent: int
    retention_days: int
    metrics_token: str = field(repr=False)
    files_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    escalate_after_days: int
    second_factor_required: bool
    trusted_proxies: int
    limits_percent: int
    counter_rush_presses: int
    counter_rush_minutes: int

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self:
        """Read the settings from `env` (usually `os.environ`); an empty value counts as not set.

        Raises `SettingsError`, a SystemExit whose message has one line for each bad value.
        """
        read = _Reader(env)
        environment = read.one_of("ENVIRONMENT", ENVIRONMENTS, "development")
        demo_city = read.demo_city(environment)
        if demo_city:
            read.fall_back_on(city_settings())
        data_dir = Path(read.text("DATA_DIR", str(ROOT / "instance"))).expanduser().absolute()
        host, port = read.text("HOST", "127.0.0.1"), read.whole_number("PORT", 8000, 1, 65535)
        redis_url = read.url("REDIS_URL", ("redis://", "rediss://", "unix://"))
        settings = cls(
            environment=environment,
            secret_key=read.secret_key(environment),
            sealing_keys=read.sealing_keys(environment),
            data_dir=data_dir,
            database_url=read.database_url(data_dir),
            redis_url=redis_url,
            redis_embedded=not redis_url,
            host=host,
            port=port,
            public_url=read.public_url(host, port),
            time_zone=read.time_zone("TIME_ZONE", "Asia/Ho_Chi_Minh"),
            demo_city=demo_city,
            city_name_vi=read.text("CITY_NAME_VI", "Thành phố"),
            city_name_en=read.text("CITY_NAME_EN", "The City"),
            brand_colour=read.colour("BRAND_COLOUR", "#5a2a88"),
            brand_colour_dark=read.colour("BRAND_COLOUR_DARK", "#b78be3"),
            city_mark=read.svg("CITY_MARK"),
            map_center=read.coordinates("MAP_CENTER", (16.0, 106.0)),
            map_zoom=read.whole_number("MAP_ZOOM", 6, 1, 19),
            map_tiles_url=read.tiles_url("MAP_TILES_URL"),
            map_tiles_attribution=read.text("MAP_TILES_ATTRIBUTION", ""),
            repeat_metres=read.whole_number("REPEAT_METRES", 100, 1, 10_000),
            repeat_days=read.whole_number("REPEAT_DAYS", 30, 1, 3_650),
            area_snap_metres=read.whole_number("AREA_SNAP_METRES", 500, 0, 20_000),
            photo_max_bytes=read.whole_number("PHOTO_MAX_MEGABYTES", 15, 1, 100) * MEGABYTE,
            photo_max_pixels_jpeg=read.megapixels("PHOTO_MAX_MEGAPIXELS_JPEG", 50),
            photo_max_pixels_other=read.megapixels("PHOTO_MAX_MEGAPIXELS_OTHER", 25),
            photo_memory_bytes=read.whole_number("PHOTO_MEMORY_MEGABYTES", 512, 128, 8192)
            * MEGABYTE,
            photos_per_report=read.whole_number("PHOTOS_PER_REPORT", 5, 0, 20),
            photos_per_rating=read.whole_number("PHOTOS_PER_RATING", 3, 0, 20),
            import_max_bytes=read.whole_number("IMPORT_MAX_MEGABYTES", 50, 1, 2000) * MEGABYTE,
            job_patience_percent=read.whole_number("JOB_PATIENCE_PERCENT", 100, 1, 1000),
            retention_days=read.whole_number("RETENTION_DAYS", 0, 0, 36_500),
            metrics_token=read.metrics_token(),
            files_url=read.files_url("FILES_URL"),
            mail_url=read.mail_url(environment),
            mail_from=read.mail_from(),
            escalate_after_days=read.whole_number("ESCALATE_AFTER_DAYS", 3, 1, 60),
            second_factor_required=read.second_factor(environment) == "required",
            trusted_proxies=read.whole_number("TRUSTED_PROXIES", 0, 0, 5),
            limits_percent=read.whole_number("LIMITS_PERCENT", 100, 10, 1_000_000),
            counter_rush_presses=read.whole_number("COUNTER_RUSH_PRESSES", 30, 2, 10_000),
            counter_rush_minutes=read.whole_number("COUNTER_RUSH_MINUTES", 10, 1, 1_440),
        )
        read.stop_if_bad()
        return settings._with_what_is_kept()

    def _with_what_is_kept(self) -> Self:
        """What was not set and is kept in the data folder: keys, and the embedded Redis.

        Called last: a refused environment leaves no trace on the disk.
        """
        folder = self.data_dir
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return replace(
                self,
                secret_key=self.secret_key or kept_secret(folder, "secret_key", 48),
                sealing_keys=self.sealing_keys or (kept_secret(folder, "sealing_key", 32),),
                redis_url=self.redis_url or f"unix://{quote(str(socket_path(folder)))}",
            )
        except SocketPathTooLong as error:
            raise SettingsError(f"REDIS_URL must be set here: {error}") from error
        except OSError as error:
            raise SettingsError(f"DATA_DIR cannot be used: {error}") from error

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies go over https only: always, except on a developer's plain http."""
        return self.environment == "production" or self.public_url.startswith("https://")

    @property
    def maximum_request_bytes(self) -> int:
        """The largest request body worth reading: all photos of one form, and its text."""
        return max(self.photos_per_report, self.photos_per_rating) * self.photo_max_bytes + MEGABYTE


def browsable(host: str) -> str:
    """The host as it stands in an address a browser can open, for a listening `host`."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 (compared with, not bound to)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


class _Reader:
    """Reads typed values out of an environment and gathers every complaint on the way.

    A bad value yields the default, so that reading goes on and one run names all that is wrong.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._problems: list[str] = []

    def fall_back_on(self, defaults: Mapping[str, str]) -> None:
        """Read these from now on where the environment says nothing."""
        self._env = {
            **defaults,
            **{name: value for name, value in self._env.items() if value.strip()},
        }

    def stop_if_bad(self) -> None:
        if self._problems:
            raise SettingsError("\n".join(self._problems))

    def demo_city(self, environment: str) -> bool:
        """Whether an empty database is filled with the demo city and its public password."""
        default = "yes" if environment == "development" else "no"
        wanted = self.one_of("DEMO_CITY", ("yes", "no"), default) == "yes"
        if wanted and environment == "production":
            return self._bad("DEMO_CITY", "must be no in production", False)
        return wanted

    def second_factor(self, environment: str) -> str:
        """Whether the roles of the whole city must have one: production knows no other way."""
        default = "required" if environment == "production" else "offered"
        value = self.one_of("SECOND_FACTOR", ("required", "offered"), default)
        if environment == "production" and value != "required":
            return self._bad("SECOND_FACTOR", "must be required in production", "required")
        return value

    def text(self, name: str, default: str) -> str:
        return self._env.get(name, "").strip() or default

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        value = self.text(name, default)
        if value in allowed:
            return value
        return self._bad(name, f"must be one of {', '.join(allowed)}, not {value!r}", default)

    def whole_number(self, name: str, default: int, lowest: int, highest: int) -> int:
        value = self.text(name, str(default))
        if re.fullmatch(r"\d{1,9}", value, re.ASCII) and lowest <= int(value) <= highest:
            return int(value)
        why = f"must be a whole number from {lowest} to {highest}, not {value!r}"
        return self._bad(name, why, default)

    def megapixels(self, name: str, default: int) -> int:
        return self.whole_number(name, default, 1, 200) * MEGAPIXEL

    def colour(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            return value.lower()
        return self._bad(name, f"must be a colour like #5a2a88, not {value!r}", default)

    def coordinates(self, name: str, default: tuple[float, float]) -> tuple[float, float]:
        value = self.text(name, ",".join(map(str, default)))
        numbers = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", value)
        if numbers:
            latitude, longitude = float(numbers[1]), float(numbers[2])
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return latitude, longitude
        why = f'must be "latitude,longitude" in degrees, not {value!r}'
        return self._bad(name, why, default)

    def url(self, name: str, schemes: Sequence[str]) -> str:
        """An address that starts with one of `schemes`, or "" when not set; never quoted back,
        because it may carry a password."""
        value = self.text(name, "")
        if not value or value.startswith(tuple(schemes)):
            return value
        return self._bad(name, f"must start with {' or '.join(schemes)}", "")

    def public_url(self, host: str, port: int) -> str:
        """The address people use, without a slash at its end."""
        value = self.url("PUBLIC_URL", ("http://", "https://")).rstrip("/")
        return value or f"http://{browsable(host)}:{port}"

    def tiles_url(self, name: str) -> str | None:
        value = self.url(name, ("http://", "https://", "/"))
        if value and not all(part in value for part in ("{z}", "{x}", "{y}")):
            return self._bad(name, "must contain {z}, {x} and {y}", None)
        return value or None

    def files_url(self, name: str) -> str:
        value = self.text(name, "")
        if not value or re.fullmatch(r"s3://[a-z0-9.-]{3,63}(/[\w./-]*)?(\?\S+)?", value, re.ASCII):
            return value
        return self._bad(name, "must be like s3://bucket/folder?endpoint=https://…", "")

    def svg(self, name: str) -> Path | None:
        value = self.text(name, "")
        if not value:
            return None
        path = Path(value).expanduser().absolute()
        if path.suffix.lower() == ".svg" and path.is_file():
            return path
        return self._bad(name, f"must be the path of an existing .svg file, not {value!r}", None)

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self._bad(name, f"must be a time zone like {default}, not {value!r}", default)
        return value

    def database_url(self, data_dir: Path) -> str:
        value = self.text("DATABASE_URL", f"sqlite:///{data_dir / 'feedback.sqlite3'}")
        if POSTGRESQL.match(value):
            return POSTGRESQL.sub("postgresql+psycopg://", value)
        if re.match(r"sqlite:///.", value) and ":memory:" not in value:
            return value
        why = "must start with sqlite:/// (a file) or postgresql://"
        return self._bad("DATABASE_URL", why, value)

    def secret_key(self, environment: str) -> str:
        """The secret as set, or "" when one may be generated."""
        value = self.text("SECRET_KEY", "")
        if environment != "production":
            return value
        advice = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        if not value:
            return self._bad("SECRET_KEY", f"must be set in production; {advice}", "")
        if len(value) < SECRET_LENGTH:
            why = f"is too short, {SECRET_LENGTH} characters at least; {advice}"
            return self._bad("SECRET_KEY", why, "")
        if len(set(value)) < SECRET_VARIETY or WEAK_SECRET.search(value):
            return self._bad("SECRET_KEY", f"is a well-known or guessable value; {advice}", "")
        return value

    def mail_url(self, environment: str) -> str:
        """Where mail goes: a server, `folder` or `none`; never quoted back for its password."""
        value = self.text("MAIL_URL", FOLDER if environment == "development" else NONE)
        if value in {FOLDER, NONE} or parse_mail_url(value):
            return value
        return self._bad(
            "MAIL_URL",
            f"must be like smtp://user:password@host:587, {NONE}, or"
            f" {FOLDER} for a folder of DATA_DIR",
            NONE,
        )

    def mail_from(self) -> str:
        """The address that mail comes from."""
        host = self.text("PUBLIC_URL", "").partition("://")[2].partition("/")[0].partition(":")[0]
        domain = host if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+", host) else "localhost"
        value = self.text("MAIL_FROM", f"no-reply@{domain}")
        if re.fullmatch(r"[\w.+-]+@[\w.-]+", value, re.ASCII):
            return value
        return self._bad("MAIL_FROM", f"must be an e-mail address alone, not {value!r}", "")

    def sealing_keys(self, environment: str) -> tuple[str, ...]:
        """The keys that private data is sealed with, newest first; () when one may be made.

        The word `none` among them is the choice to keep such data in the clear.
        """
        keys = tuple(filter(None, re.split(r"[\s,]+", self.text("SEALING_KEYS", ""))))
        advice = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        if not keys and environment == "production":
            why = f"must be set in production, or be {NO_KEY} to seal nothing; {advice}"
            return self._bad("SEALING_KEYS", why, ())
        if any(key != NO_KEY and not _strong_key(key) for key in keys):
            return self._bad("SEALING_KEYS", f"holds what is no random key; {advice}", ())
        return keys

    def metrics_token(self) -> str:
        """What a collector of metrics has to show, or "" when none may come."""
        value = self.text("METRICS_TOKEN", "")
        if value and len(value) < TOKEN_LENGTH:
            return self._bad(
                "METRICS_TOKEN", f"is too short, {TOKEN_LENGTH} characters at least", ""
            )
        return value

    def _bad(self, name: str, why: str, default: T) -> T:
        self._problems.append(f"{name} {why}")
        return default


def _strong_key(text: str) -> bool:
    key = key_bytes(text)
    return key is not None and len(set(key)) >= SECRET_VARIETY
