"""Who does something in the demo city, and the case a report is at a unit."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from feedback.demo.album import Album, QuickFiles
from feedback.demo.data_files import read
from feedback.demo.reference import ward_unit_code
from feedback.demo.stories import Story
from feedback.domain.actors import Actor
from feedback.domain.calendar import Calendar
from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import ActorKind, Clock, Role
from feedback.operations.city import City
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import reading
from feedback.storage.models import (
    Account,
    Area,
    Category,
    Report,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a unit works: the part of the promised time it takes, and the chances that an answer is
    a good one and that a case is forgotten."""

    speed: float
    care: float
    forgets: float


@dataclass(frozen=True, slots=True)
class Case:
    """A report at a unit, as its life goes on from here."""

    report_id: int
    assignment_id: int
    unit_id: int
    habits: Habits
    clock: Clock
    started_at: datetime
    due: datetime
    approval_needed: bool


class People:
    """Everybody who does something in the demo city, and the album their photos come from."""

    def __init__(self, city: City, album: Album) -> None:
        """Learn who is who from the database."""
        self.city = replace(quiet(city), files=QuickFiles(city.files))
        self.album = album
        with reading() as session:
            self.calendar: Calendar = working_calendar(session, city)
            units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
            self.categories = {row.code: row.id for row in session.scalars(select(Category))}
            self.areas = {row.official_code: row.id for row in session.scalars(select(Area))}
            accounts = session.scalars(select(Account).order_by(Account.id)).all()
            self._actors = [
                Actor(ActorKind.STAFF, account.id, account.role, account.unit_id)
                for account in accounts
            ]
        self.units = units
        self._habits = {units[code]: habits for code, habits in _habits().items()}

    def case(self, report_id: int, unit_id: int | None = None) -> Case | None:
        """The case a report is now, the lead's or a unit's; None while there is none."""
        with reading() as session:
            report = session.get_one(Report, report_id)
            for found in report.assignments:
                leads = found.id == report.lead_assignment_id
                wanted = leads if unit_id is None else found.unit_id == unit_id
                if wanted and found.ended_at is None:
                    return Case(
                        report_id=report_id,
                        assignment_id=found.id,
                        unit_id=found.unit_id,
                        habits=self._habits[found.unit_id],
                        clock=found.round.clock,
                        started_at=found.round.started_at,
                        due=found.round.due,
                        approval_needed=found.round.service_level.approval_needed,
                    )
            return None

    def dispatcher(self, story: Story) -> Actor:
        """One of the dispatchers."""
        return story.random.choice(
            [actor for actor in self._actors if actor.role is Role.DISPATCHER]
        )

    def head(self, case: Case) -> Actor:
        """The head of the case's unit."""
        return self.of_unit(case.unit_id, Role.HEAD)[0]

    def of_unit(self, unit_id: int, role: Role) -> list[Actor]:
        """The people of a unit in a role."""
        return [
            actor
            for actor in self._actors
            if actor.role in UNIT_ROLES and actor.unit_id == unit_id and actor.role is role
        ]


def quiet(city: City) -> City:
    """The city without anybody who is told of anything: what a load promises it also does."""
    return replace(city, ring=_nobody_listens, channels={})


def _habits() -> dict[str, Habits]:
    """Each unit's habits by its code; a dissolved unit has none."""
    rows = {row["code"]: row for row in read("units")["unit"] if "speed" in row}
    rows |= {ward_unit_code(code): row for code, row in read("units")["ward_units"].items()}
    return {code: Habits(row["speed"], row["care"], row["forgets"]) for code, row in rows.items()}


def _nobody_listens() -> None:
    """Wakes nobody."""
