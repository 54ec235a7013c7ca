"""A dispatcher sends a report to a unit by hand, or to several at once."""

from collections.abc import Sequence
from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import ReportState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean
from feedback.operations.routing import join, send_to
from feedback.operations.transaction import transaction

MOST_AT_ONCE = 8


def dispatch_report(
    report_id: int,
    *,
    unit_id: int,
    category_id: int,
    other_unit_ids: Sequence[int] = (),
    note: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Send a received report to the unit that leads, with the category its deadline follows from.

    `other_unit_ids` work at it as well; `note` is for the units' eyes only. Raises NotFound,
    NotAllowed, Conflict when the report is not the dispatcher's any more or has changed since
    `version`, Invalid naming `category_id`, `unit_id`, `other_unit_ids` or `note`.
    """
    require_dispatcher(actor)
    note = clean(note, "note")
    others = [one for one in dict.fromkeys(other_unit_ids) if one != unit_id]
    if len(others) > MOST_AT_ONCE:
        raise Invalid({"other_unit_ids": "too_many_units"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        if life.report.state is not ReportState.RECEIVED:
            raise Conflict("step_not_possible", source=life.report.state.value)
        category = life.reference.directory.open_category(category_id, life.today)
        unit = life.reference.directory.unit(unit_id)
        if life.report.category_id != category.id:
            life.report.category_id = category.id
            life.record(HistoryKind.CATEGORISED, data={"category_id": category.id})
        send_to(life, unit.id, category)
        for other in others:
            try:
                join(life, other)
            except Invalid as refused:
                raise Invalid({"other_unit_ids": refused.fields["unit_id"]}) from refused
        if note:
            life.record(HistoryKind.NOTE, note=note)
        life.settle()
