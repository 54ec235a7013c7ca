"""Signing in and out."""

from feedback.web.auth import routes
from feedback.web.auth.routes import pages

__all__ = ["pages", "routes"]
