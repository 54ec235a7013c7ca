"""What every template can use: the city's names, dates in words, the signed-in person."""

from datetime import date, datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import format_datetime, get_locale

from config import Settings
from feedback.web.sessions import signed_in


def register(app: Flask) -> None:
    """Add filters and the variables of every page."""
    app.context_processor(_common)
    app.add_template_filter(moment, "moment")
    app.add_template_filter(day, "day")


def moment(value: datetime) -> str:
    """A moment as people here write it: 21/11/2026 09:12."""
    return str(format_datetime(value, "dd/MM/yyyy HH:mm"))


def day(value: date | datetime) -> str:
    """A day as people here write it: 21/11/2026."""
    if isinstance(value, datetime):
        return str(format_datetime(value, "dd/MM/yyyy"))
    return value.strftime("%d/%m/%Y")


def _common() -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]
    language = str(get_locale())
    return {
        "language": language,
        "city_name": settings.city_name_vi if language == "vi" else settings.city_name_en,
        "settings": settings,
        "person": signed_in(),
    }
