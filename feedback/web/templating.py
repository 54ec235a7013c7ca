"""What every template can use: the city's names and mark, the language, the signed-in person."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, url_for
from flask_babel import get_locale

from config import Settings
from feedback.web.formats import register_formats
from feedback.web.sessions import signed_in


def register(app: Flask) -> None:
    """Add the filters and the variables of every page."""
    settings: Settings = app.extensions["settings"]
    register_formats(app, ZoneInfo(settings.time_zone))
    app.context_processor(_common)


def city_name() -> str:
    """The city's name in the reader's language."""
    settings: Settings = current_app.extensions["settings"]
    return settings.city_name_vi if str(get_locale()) == "vi" else settings.city_name_en


def _common() -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]
    return {
        "locale": str(get_locale()),
        "city_name": city_name(),
        "brand_mark_url": url_for("public.brand_mark") if settings.city_mark else None,
        "now": datetime.now(UTC),
        "person": signed_in(),
    }
