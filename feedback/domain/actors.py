"""Who acts: a plain value that every use case takes instead of a login object."""

from dataclasses import dataclass

from feedback.domain.states import ActorKind, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who changes a report.

    A citizen is known by holding the report's secret link, not by an account; the system acts by
    rule and clock. `unit_id` is the unit a handler or head works for.
    """

    kind: ActorKind
    account_id: int | None = None
    role: Role | None = None
    unit_id: int | None = None


CITIZEN = Actor(ActorKind.CITIZEN)
SYSTEM = Actor(ActorKind.SYSTEM)
