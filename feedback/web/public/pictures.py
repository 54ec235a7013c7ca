"""Finished pictures; originals have no address."""

import re

from flask import Response, request
from werkzeug.exceptions import NotFound

from feedback.storage.files.keys import PHOTOS
from feedback.web.context import city
from feedback.web.public.blueprint import pages

PICTURE_NAME = re.compile(r"[0-9a-f]{64}\.jpg")
FOR_EVER = 365 * 24 * 3600


@pages.get("/media/<name>")
def picture(name: str) -> Response:
    """One re-encoded picture by its content hash, which nobody can guess or change."""
    if not PICTURE_NAME.fullmatch(name):
        raise NotFound
    try:
        with city().files.open(PHOTOS + name) as stream:
            response = Response(stream.read(), mimetype="image/jpeg")
    except FileNotFoundError as error:
        raise NotFound from error
    response.cache_control.public = True
    response.cache_control.max_age = FOR_EVER
    response.cache_control.immutable = True
    response.set_etag(name.removesuffix(".jpg"))
    response.make_conditional(request)
    return response
