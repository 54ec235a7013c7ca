"""The head of a unit signs what the unit is to reach."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotAllowed, NotFound
from feedback.domain.permissions import parties_of
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.set_target import TARGETS
from feedback.operations.transaction import transaction


def sign_target(target_id: int, *, version: int, actor: Actor, city: City, now: datetime) -> None:
    """Sign a proposed target as it was seen; the signature is the account and the moment.

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
        with TARGETS.changing(session, target, by=actor, now=now):
            target.signed_at, target.signed_by_id = now, actor.account_id
            target.version += 1
