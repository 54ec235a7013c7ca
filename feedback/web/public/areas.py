"""The areas' borders for the maps."""

from flask import make_response, request
from flask.typing import ResponseReturnValue

from feedback.extensions import db
from feedback.operations.reference import Reference
from feedback.web.context import city, today
from feedback.web.public.blueprint import pages

AN_HOUR = 3600


@pages.get("/areas.geojson")
def areas_geojson() -> ResponseReturnValue:
    """The areas in force today as GeoJSON, simplified for a screen."""
    version, text = Reference(db.session(), city()).area_features(today())
    response = make_response(text)
    response.content_type = "application/geo+json; charset=utf-8"
    response.cache_control.max_age = AN_HOUR
    response.set_etag(f"areas-{version}-{today().isoformat()}")
    return response.make_conditional(request)
