"""Why a report lies with the dispatchers."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.domain.histories import HistoryKind
from feedback.storage.models import HistoryEntry, Report
from feedback.storage.queries.triage import View
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.wording import _

# What brings a report back to the dispatchers.
COMINGS_BACK = frozenset(
    {
        HistoryKind.RETURNED,
        HistoryKind.ASSIGNMENT_WITHDRAWN,
        HistoryKind.REJECTION_LIFTED,
        HistoryKind.DUPLICATE_UNDONE,
    }
)
REQUESTS = frozenset({HistoryKind.TRANSFER_PROPOSED, HistoryKind.EXTENSION_ASKED})
TELLING = COMINGS_BACK | REQUESTS | {HistoryKind.ASKED_AGAIN}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in a sentence, with what somebody wrote about it."""

    sentence: str
    note: str = ""


def why_here(report: Report, returned: HistoryEntry | None) -> str:
    """Why no rule has sent a report to a unit."""
    if returned is not None and returned.kind is HistoryKind.RETURNED:
        return _("%(unit)s returned the report", unit=unit_name(returned.unit))
    if returned is not None and returned.kind is HistoryKind.ASSIGNMENT_WITHDRAWN:
        return _("It was taken from %(unit)s", unit=unit_name(returned.unit))
    if returned is not None:
        return _("It was taken up again")
    if report.category is None:
        return _("The citizen did not know the category")
    category = name_of(report.category)
    if report.area is None:
        return _("No rule for %(category)s without a ward", category=category)
    return _("No rule for %(category)s in %(area)s", category=category, area=area_name(report.area))


def reasons_of(report: Report, views: set[View], entries: Sequence[HistoryEntry]) -> list[Reason]:
    """Each reason why a report waits for a dispatcher; `entries` are its `TELLING` ones in order.

    What is not decided yet is what was written last.
    """
    found = []
    if View.NEW in views:
        found.append(Reason(why_here(report, _last(entries, COMINGS_BACK))))
    if View.RETURNED in views and (entry := _last(entries, {HistoryKind.RETURNED})):
        found.append(Reason(why_here(report, entry), entry.note))
    if View.REQUESTS in views and (entry := _last(entries, REQUESTS)):
        found.append(Reason(_asked(entry), entry.note))
    if View.AGAIN in views and (entry := _last(entries, {HistoryKind.ASKED_AGAIN})):
        found.append(Reason(_("The citizen asks for a second look"), entry.note))
    if View.PUBLISHING in views:
        found.append(Reason(_("The public does not see it until somebody has looked at it")))
    return found


def _asked(entry: HistoryEntry) -> str:
    unit = unit_name(entry.unit)
    if entry.kind is HistoryKind.TRANSFER_PROPOSED:
        return _("%(unit)s proposes another unit", unit=unit)
    return _("%(unit)s asks for more time", unit=unit)


def _last(
    entries: Sequence[HistoryEntry], kinds: frozenset[HistoryKind] | set[HistoryKind]
) -> HistoryEntry | None:
    return next((entry for entry in reversed(entries) if entry.kind in kinds), None)
