"""What random lives try things on."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from feedback.domain.actors import Actor
from feedback.domain.errors import DomainError
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ActorKind,
    AssignmentState,
    ReportState,
    Role,
)
from feedback.domain.transitions import Need
from feedback.storage.models import Account, Assignment, Category, Report, Unit
from tests.factories import (
    actor_of,
    the_city,
)
from tests.operations.lives import steps

A, R = AssignmentState, ReportState
DISPATCHER = Actor(ActorKind.STAFF, None, Role.DISPATCHER)


@dataclasses.dataclass
class World:
    """Three units with their people, and categories that differ in what they promise."""

    units: list[Unit]
    people: dict[int, tuple[Account, Account]]  # handler and head by unit
    categories: list[Category]
    other_code: str  # of a report that others may repeat

    @staticmethod
    def pick(found: list[Assignment], choice: int) -> Assignment:
        """Any of a report's assignments."""
        if not found:
            raise DomainError("nothing_to_try_it_on")
        return found[choice % len(found)]


@dataclasses.dataclass
class Try:
    """One thing tried on a report: `choice` picks the unit, assignment or outcome."""

    world: World
    report: Report
    now: datetime
    choice: int

    @property
    def assignment(self) -> Assignment:
        """Some assignment, as likely as not the lead."""
        found = self.report.assignments
        leads = [a for a in found if a.id == self.report.lead_assignment_id]
        return leads[0] if leads and self.choice % 2 else self.world.pick(found, self.choice)

    @property
    def unit(self) -> Unit:
        """Some unit."""
        return self.world.units[self.choice % len(self.world.units)]

    def staff(self, *, head: bool = False) -> Actor:
        """Somebody of the unit that has the assignment."""
        return actor_of(self.world.people[self.assignment.unit_id][head])

    def call(self, use_case: Callable[..., None], *given: Any, **more: Any) -> None:
        """Call a use case on the report."""
        use_case(self.report.id, *given, **more, city=the_city(), now=self.now)

    def decide(self, use_case: Callable[..., None], *given: Any, **more: Any) -> None:
        """Call one of the dispatcher's use cases, which all look at the report first."""
        seen = self.report.version
        self.call(use_case, *given, **more, version=seen, actor=DISPATCHER)

    def move(self, target: AssignmentState, kind: HistoryKind, actor: Actor) -> None:
        """Take one step of the assignment that no use case takes yet."""
        assignment_id = self.assignment.id
        with steps(self.report.id, actor, self.now) as life:
            life.move(life.assignment(assignment_id), target, kind, given=set(Need))
