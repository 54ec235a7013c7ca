"""The language a person reads: their choice, else what their browser asks for."""

from flask import has_request_context, request

LANGUAGES = ("vi", "en")
COOKIE = "language"


def chosen_language() -> str:
    """`vi` or `en` for the current request."""
    if not has_request_context():
        return LANGUAGES[0]
    cookie = request.cookies.get(COOKIE, "")
    if cookie in LANGUAGES:
        return cookie
    # A browser that names neither language belongs to a citizen of the city first of all.
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]
