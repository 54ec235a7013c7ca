"""Texts to reply with, filled in for one case."""

from feedback.domain.reply_templates import Placeholder, fill
from feedback.extensions import db
from feedback.storage.models import Assignment, Report
from feedback.storage.queries import reply_templates
from feedback.web import context
from feedback.web.presenting import area_name, name_of, unit_name


def texts_for(report: Report, own: Assignment) -> list[tuple[int, str, str]]:
    """The texts a unit may choose for a case, filled in: (id, name, text)."""
    values = {
        Placeholder.CODE: report.code,
        Placeholder.CATEGORY: name_of(report.category),
        Placeholder.PLACE: report.address_text or area_name(report.area),
        Placeholder.UNIT: unit_name(own.unit),
        Placeholder.DATE: f"{context.today():%d/%m/%Y}",
    }
    return [
        (one.id, one.name, fill(one.text, values))
        for one in reply_templates.usable_by(db.session(), own.unit_id)
    ]
