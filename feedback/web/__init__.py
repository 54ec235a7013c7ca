"""The pages, by audience. Every blueprint is registered together with its guard."""

from flask import Flask

from feedback.web import caching, citizen, errors, public, security, static_files, templating
from feedback.web.guards import everyone, register_guarded
from feedback.web.languages import chosen_language
from feedback.web.public import system

__all__ = ["chosen_language", "register"]


def register(app: Flask) -> None:
    """Add every page to the application."""
    errors.register(app)
    security.register(app)
    caching.register(app)
    static_files.register(app)
    templating.register(app)
    register_guarded(app, system.pages, everyone)
    register_guarded(app, public.pages, everyone)
    register_guarded(app, citizen.pages, everyone)
