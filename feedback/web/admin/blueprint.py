"""The administrator's pages, and what stands round each of them."""

from typing import Any

from flask import Blueprint

from feedback.web.admin.navigation import sections

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.app_context_processor
def _frame() -> dict[str, Any]:
    """The sections beside every page of the desk, read only by its frame."""
    return {"admin_sections": sections}
