"""What pages of figures call periods and units."""

from flask_babel import get_locale

from feedback.storage.models import Unit
from feedback.web.supervisor.blueprint import pages
from feedback.wording.figures import period_word

__all__ = ["period_word", "short_name"]

pages.add_app_template_filter(period_word)


def short_name(unit: Unit) -> str:
    """What a unit is called where there is little room."""
    return (str(get_locale()) == "en" and unit.name_en) or unit.short_name or unit.name
