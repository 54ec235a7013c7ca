"""What the page of a case offers to the operations centre."""

from typing import Any

from feedback.domain.states import RejectionReason
from feedback.extensions import db
from feedback.storage.models import Report
from feedback.storage.queries import categories, units
from feedback.web import context
from feedback.web.presenting import name_of, unit_name
from feedback.web.staff.history import rejection_word
from feedback.web.staff.rejections import suggested_texts
from feedback.web.staff.steps import Steps


def triage_desk(report: Report, steps: Steps) -> dict[str, Any]:
    """The template's values for the forms of a dispatcher."""
    if not steps.triage:
        return {}
    session, today = db.session(), context.today()
    offered = categories.categories_on(session, today)
    return {
        "category_choices": [(category.id, name_of(category)) for category in offered],
        "unit_choices": [(u.id, unit_name(u)) for u in units.units_on(session, today)],
        "reason_choices": [(r.value, rejection_word(r).capitalize()) for r in RejectionReason],
        "suggested_texts": suggested_texts(report.language),
    }
