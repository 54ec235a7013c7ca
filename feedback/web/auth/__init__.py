"""Signing in and out, and the record of it."""

from feedback.web.auth import record, routes, second_step
from feedback.web.auth.blueprint import pages

__all__ = ["pages", "record", "routes", "second_step"]
