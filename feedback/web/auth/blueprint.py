"""The pages of signing in and out."""

from flask import Blueprint

pages = Blueprint("auth", __name__)
