"""Signing in and out, and the record of it."""

from feedback.web.auth import record, routes
from feedback.web.auth.routes import pages

__all__ = ["pages", "record", "routes"]
