"""Who an actor is to one report, and which screens a role opens.

Rules about steps speak of parties (see `transitions`); this module says which parties an actor is.
"""

from feedback.domain.actors import Actor
from feedback.domain.errors import NotAllowed
from feedback.domain.states import ActorKind, Role
from feedback.domain.transitions import Party

STAFF_ROLES = frozenset(Role)
UNIT_ROLES = frozenset({Role.HANDLER, Role.HEAD})
WHOLE_CITY_ROLES = frozenset({Role.DISPATCHER, Role.SUPERVISOR})


def parties_of(actor: Actor, unit_id: int | None = None) -> frozenset[Party]:
    """The parties `actor` is for a step at `unit_id` (None: a step of the report itself)."""
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Party.SYSTEM})
    if actor.kind is ActorKind.CITIZEN:
        return frozenset({Party.REPORTER})
    if actor.role is Role.DISPATCHER:
        return frozenset({Party.DISPATCHER})
    if unit_id is None or actor.unit_id != unit_id:
        return frozenset()
    if actor.role is Role.HEAD:
        return frozenset({Party.UNIT, Party.HEAD})
    if actor.role is Role.HANDLER:
        return frozenset({Party.UNIT})
    return frozenset()


def may_see_case(actor: Actor, unit_ids: frozenset[int]) -> bool:
    """Whether a member of staff may open a report that is or was at `unit_ids`."""
    if actor.role in WHOLE_CITY_ROLES:
        return True
    return actor.role in UNIT_ROLES and actor.unit_id in unit_ids


def require_administrator(actor: Actor) -> None:
    """Refuse anybody but an administrator, or the operator at the command line (NotAllowed)."""
    if actor.kind is not ActorKind.SYSTEM and actor.role is not Role.ADMINISTRATOR:
        raise NotAllowed("administrator_only")


def require_dispatcher(actor: Actor) -> None:
    """Refuse anybody but a dispatcher (NotAllowed)."""
    if Party.DISPATCHER not in parties_of(actor):
        raise NotAllowed("dispatcher_only")
