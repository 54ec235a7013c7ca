"""Addresses that come from outside, before anybody is sent to them."""

from typing import Any

from flask import url_for

from feedback.web.context import settings


def own_path(address: str) -> str:
    """A path of this site, or the home page for anything else: nobody is led elsewhere."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path and address.isprintable() else "/"


def full_url(endpoint: str, **values: Any) -> str:
    """An address as it can be copied, sent and printed."""
    return settings().public_url + url_for(endpoint, **values)
