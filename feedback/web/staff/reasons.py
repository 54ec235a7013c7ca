"""Why a report lies with the dispatchers."""

from feedback.domain.histories import HistoryKind
from feedback.storage.models import HistoryEntry, Report
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.web.wording import _

# What brings a report back to the dispatchers.
COMINGS_BACK = frozenset(
    {HistoryKind.RETURNED, HistoryKind.REJECTION_LIFTED, HistoryKind.DUPLICATE_UNDONE}
)


def why_here(report: Report, returned: HistoryEntry | None) -> str:
    """Why no rule has sent a report to a unit."""
    if returned is not None and returned.kind is HistoryKind.RETURNED:
        return _("%(unit)s returned the report", unit=unit_name(returned.unit))
    if returned is not None:
        return _("It was taken up again")
    if report.category is None:
        return _("The citizen did not know the category")
    category = name_of(report.category)
    if report.area is None:
        return _("No rule for %(category)s without a ward", category=category)
    return _("No rule for %(category)s in %(area)s", category=category, area=area_name(report.area))
