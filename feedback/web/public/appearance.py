"""The operator's own mark and colours, by configuration."""

from flask import Response, make_response, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.web.context import settings
from feedback.web.public.blueprint import pages

A_DAY = 24 * 3600


@pages.get("/brand.css")
def brand_stylesheet() -> Response:
    """The brand colours as custom properties, light and dark."""
    light, dark = settings().brand_colour, settings().brand_colour_dark
    css = (
        f":root{{--brand:{light}}}\n@media (prefers-color-scheme:dark){{:root{{--brand:{dark}}}}}\n"
    )
    response = make_response(css)
    response.content_type = "text/css; charset=utf-8"
    response.cache_control.max_age = A_DAY
    return response


@pages.get("/brand-mark.svg")
def brand_mark() -> ResponseReturnValue:
    """The city's mark, where the operator has set one."""
    mark = settings().city_mark
    if mark is None:
        raise NotFound
    response = send_file(mark, mimetype="image/svg+xml", max_age=A_DAY)
    # An SVG opened by itself could carry script; as a picture it needs nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
