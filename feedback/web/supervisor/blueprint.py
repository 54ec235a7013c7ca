"""The group of pages."""

from flask import Blueprint

pages = Blueprint("supervisor", __name__, url_prefix="/supervisor")
