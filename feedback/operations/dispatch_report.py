"""A dispatcher sends a report to a unit by hand."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import ReportState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.routing import send_to
from feedback.operations.transaction import transaction


def dispatch_report(
    report_id: int,
    *,
    unit_id: int,
    category_id: int,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Send a received report to a unit, with the category its deadline follows from.

    Raises NotFound, NotAllowed, Conflict when the report is not the dispatcher's any more or has
    changed since `version`, Invalid naming `category_id` or `unit_id`.
    """
    require_dispatcher(actor)
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
        life.settle()
