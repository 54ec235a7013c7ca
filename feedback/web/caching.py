"""What browsers and proxies may keep: shared files as their routes say, pages nowhere but for one
reader, who asks again each time."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

# The same for everybody: these never touch the session, or no cache could share what it kept.
SHARED = frozenset(
    {
        "static",
        "public.areas_geojson",
        "public.brand_mark",
        "public.brand_stylesheet",
        "public.picture",
    }
)


class SessionsOfPages(SecureCookieSessionInterface):
    """Cookie sessions that leave shared files alone (Flask-Login reads the session of each one)."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session's cookie and its `Vary`, but not with a shared file."""
        if request.endpoint not in SHARED:
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Say with every response who may keep it."""
    app.session_interface = SessionsOfPages()
    app.after_request(_private_unless_said)


def _private_unless_said(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
