"""The pages of a reporter; its modules add their routes to it."""

from flask import Blueprint

pages = Blueprint("citizen", __name__)
