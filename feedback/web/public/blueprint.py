"""The pages everybody may read; its modules add their routes to it."""

from flask import Blueprint

pages = Blueprint("public", __name__)
