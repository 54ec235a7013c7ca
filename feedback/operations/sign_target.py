"""The head of a unit signs what the unit is to reach."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotAllowed, NotFound
from feedback.domain.events import Event
from feedback.domain.permissions import parties_of
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.operations.set_target import TARGETS
from feedback.operations.transaction import transaction
from feedback.operations.unit_ratio import unit_ratio


def sign_target(target_id: int, *, version: int, actor: Actor, city: City, now: datetime) -> None:
    """Sign a proposed target as it was seen; the signature is the account and the moment.

    How the unit stands at that moment is kept with it.

    Raises NotFound (for another unit's target alike), NotAllowed unless the actor heads the unit,
    and Conflict when it is signed already or another value was proposed since.
    """
    with transaction(city) as session:
        target = TARGETS.locked(session, target_id, seen=None)
        if target.unit_id != actor.unit_id:
            raise NotFound("target_not_found")
        if Party.HEAD not in parties_of(actor, target.unit_id):
            raise NotAllowed("head_only")
        if target.version != version:
            raise Conflict("target_changed")
        if target.signed_at is not None:
            raise Conflict("target_signed")
        stands = unit_ratio(session, target.unit_id, target.measure, target.period)
        with TARGETS.changing(session, target, by=actor, now=now):
            target.signed_at, target.signed_by_id = now, actor.account_id
            target.signed_part = stands.numerator if stands.denominator else None
            target.signed_whole = stands.denominator or None
            target.version += 1
        promise(session, Event.TARGETS_CHANGED, now, unit_id=target.unit_id, period=target.period)
