"""A dispatcher has one more unit work at a report that is with a unit already."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean
from feedback.operations.routing import join
from feedback.operations.transaction import transaction


def add_unit(
    report_id: int,
    *,
    unit_id: int,
    note: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Add a unit to the round under way; the lead and the deadline stay what they are.

    `note` is for the units' eyes only. Raises NotFound, NotAllowed, Conflict when no unit works at
    the report, this one does already or the report has changed, Invalid naming `unit_id`.
    """
    require_dispatcher(actor)
    note = clean(note, "note")
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        if not life.live_assignments:
            raise Conflict("step_not_possible", source=life.report.state.value)
        join(life, unit_id)
        if note:
            life.record(HistoryKind.NOTE, note=note)
        life.settle()
