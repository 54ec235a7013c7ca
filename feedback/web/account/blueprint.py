"""The pages of one's own account."""

from flask import Blueprint

pages = Blueprint("account", __name__, url_prefix="/account")
