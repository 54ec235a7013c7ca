"""The application factory, nothing else."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from feedback import cli, web
from feedback.delivery.choosing import open_channels
from feedback.delivery.doorbell import Doorbell
from feedback.delivery.logs import configure_logs
from feedback.domain.counter_ratings import Rush
from feedback.domain.patience import Patience
from feedback.extensions import babel, compress, csrf, db, login_manager, migrate
from feedback.operations.city import City
from feedback.storage.database import engine_options, prepare_engine
from feedback.storage.files.choosing import open_files
from feedback.storage.reference_versions import watch
from feedback.storage.sealing import Seal

COMPRESSED = [
    *("text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"),
    *("application/json", "application/problem+json", "application/geo+json"),
]


def create_app(settings: Settings) -> Flask:
    """The whole application for one set of settings; touches neither database nor network."""
    configure_logs(as_json=settings.environment == "production")
    app = Flask(
        "feedback",
        template_folder="web/templates",
        static_folder=None,  # served by feedback.web.static_files, with a version in the address
        root_path=str(ROOT / "feedback"),
    )
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["city"] = City(
        zone=ZoneInfo(settings.time_zone),
        area_snap_metres=settings.area_snap_metres,
        files=open_files(settings.files_url, settings.data_dir),
        ring=Doorbell(settings.redis_url).ring,
        seal=Seal(settings.sealing_keys),
        patience=Patience(settings.job_patience_percent / 100),
        channels=open_channels(settings.mail_url, settings.mail_from, settings.data_dir),
        names=(settings.city_name_vi, settings.city_name_en),
        retention_days=settings.retention_days or None,
        rush=Rush(settings.counter_rush_presses, timedelta(minutes=settings.counter_rush_minutes)),
        repeat_metres=settings.repeat_metres,
        repeat_period=timedelta(days=settings.repeat_days),
    )
    db.init_app(app)
    watch(db.session)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    for extension in (login_manager, csrf, compress):
        extension.init_app(app)
    babel.init_app(app, locale_selector=web.chosen_language)
    web.register(app)
    cli.register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    """The settings of the libraries, derived from ours."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "testing",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": settings.maximum_request_bytes,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_DURATION": 0,
        # A citizen may keep the form open for days; the token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "RATELIMIT_STORAGE_URI": _limits_address(settings.redis_url),
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_LEVEL": 9,
        "COMPRESS_MIMETYPES": COMPRESSED,
    }


def _limits_address(redis_url: str) -> str:
    """The Redis address as the rate limiter spells it."""
    return redis_url.replace("unix://", "redis+unix://", 1)
