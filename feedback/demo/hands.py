"""The hands of the demo city's people: each step of a life is a call of the real operation."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from feedback.demo.album import Album, QuickFiles
from feedback.demo.data_files import read
from feedback.demo.reference import ward_unit_code
from feedback.demo.stories import Story
from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.calendar import Calendar
from feedback.domain.consents import CURRENT
from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import (
    ActorKind,
    Channel,
    Clock,
    PhotoPurpose,
    PlaceSource,
    RatingLevel,
    Role,
)
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.ask_again import ask_again
from feedback.operations.city import City
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.name_handler import name_handler
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.rate_report import rate_report
from feedback.operations.reference import working_calendar
from feedback.operations.reject_report import reject_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.submit_report import ReportDraft, submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import (
    Account,
    Area,
    Assignment,
    Category,
    Report,
    Round,
    ServiceLevel,
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


class Hands:
    """Everybody who does something in the demo city, and the album their photos come from."""

    def __init__(self, city: City, album: Album) -> None:
        """Learn who is who from the database."""
        self.city = replace(city, files=QuickFiles(city.files), ring=_nobody_listens)
        self.album = album
        with reading() as session:
            self.calendar: Calendar = working_calendar(session, city)
            units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
            self._categories = {row.code: row.id for row in session.scalars(select(Category))}
            self._areas = {row.official_code: row.id for row in session.scalars(select(Area))}
            accounts = session.scalars(select(Account).order_by(Account.id)).all()
            self._actors = [
                Actor(ActorKind.STAFF, account.id, account.role, account.unit_id)
                for account in accounts
            ]
        self._units = units
        self._habits = {units[code]: habits for code, habits in _habits().items()}

    # Citizens and the operations centre

    def submit(self, story: Story, at: datetime) -> int:
        """Send the report; returns its id."""
        photos = self.album.photos(
            story.scene,
            story.pictures,
            mended=False,
            purpose=PhotoPurpose.REPORT,
            city=self.city,
            random=story.random,
            now=at,
        )
        by_phone = story.channel is Channel.PHONE
        located = story.random.choice((PlaceSource.GPS, PlaceSource.GPS, PlaceSource.MAP))
        name, email, phone = story.contact
        draft = ReportDraft(
            submission_id=story.submission_id,
            category_id=self._categories[story.category] if story.named else None,
            latitude=story.point[0] if story.point else None,
            longitude=story.point[1] if story.point else None,
            accuracy_m=story.accuracy if story.point and located is PlaceSource.GPS else None,
            place_source=located if story.point else PlaceSource.WARD,
            area_id=None if story.point else self._areas[story.ward.code],
            address_text=story.address,
            text=story.text,
            photo_ids=photos,
            contact_name=name,
            contact_email=email,
            contact_phone=phone,
            consent_version=CURRENT.version if name else "",
            channel=story.channel,
        )
        actor = self.dispatcher(story) if by_phone else CITIZEN
        return submit_report(draft, city=self.city, now=at, actor=actor).report_id

    def dispatch(self, story: Story, report_id: int, at: datetime) -> None:
        """Send a report by hand to a unit that could do it."""
        own = self._units.get(ward_unit_code(story.ward.code))
        dispatch_report(
            report_id,
            unit_id=own or self._units[story.random.choice(("quan-ly-ha-tang", "so-xay-dung"))],
            category_id=self._categories[story.category],
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )

    def reject(self, story: Story, report_id: int, at: datetime) -> None:
        """Refuse a report that does not belong here."""
        if story.rejection is None:
            raise ValueError("this story is not one to be refused")
        reason, text = story.rejection
        reject_report(
            report_id,
            reason=reason,
            text=text,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )

    def rate(
        self, story: Story, report_id: int, level: RatingLevel, comment: str, at: datetime
    ) -> None:
        """Rate the result; some of the dissatisfied show why."""
        shows = level is RatingLevel.DISSATISFIED and story.random.random() < 0.25
        photos = self.album.photos(
            story.scene,
            int(shows),
            mended=False,
            purpose=PhotoPurpose.RATING,
            city=self.city,
            random=story.random,
            now=at,
        )
        rate_report(
            report_id, level=level, comment=comment, photo_ids=photos, city=self.city, now=at
        )

    def reopen(self, report_id: int, reason: str, at: datetime) -> None:
        """Have the report taken up again."""
        reopen_report(report_id, reason=reason, actor=CITIZEN, city=self.city, now=at)

    def withdraw(self, report_id: int, reason: str, at: datetime) -> None:
        """The reporter takes the report back."""
        withdraw_report(report_id, reason=reason, actor=CITIZEN, city=self.city, now=at)

    def ask_again(self, report_id: int, reason: str, at: datetime) -> None:
        """The reporter of a refused report asks for a second look."""
        ask_again(report_id, reason=reason, actor=CITIZEN, city=self.city, now=at)

    # Units

    def case(self, report_id: int) -> Case | None:
        """The case a report is now, or None while no unit has it."""
        found = (
            select(
                Assignment.id,
                Assignment.unit_id,
                Round.clock,
                Round.started_at,
                Round.due,
                ServiceLevel.approval_needed,
            )
            .join(Report, Report.lead_assignment_id == Assignment.id)
            .join(Round, Assignment.round_id == Round.id)
            .join(ServiceLevel, Round.service_level_id == ServiceLevel.id)
            .where(Report.id == report_id)
        )
        with reading() as session:
            row = session.execute(found).one_or_none()
            if row is None:
                return None
            return Case(
                report_id=report_id,
                assignment_id=row.id,
                unit_id=row.unit_id,
                habits=self._habits[row.unit_id],
                clock=row.clock,
                started_at=row.started_at,
                due=row.due,
                approval_needed=row.approval_needed,
            )

    def accept(self, story: Story, case: Case, at: datetime) -> Actor:
        """A handler takes the case, or the head gives it to one; returns the handler."""
        handler = story.random.choice(self._of(case.unit_id, Role.HANDLER))
        if story.random.random() < 0.3 and handler.account_id is not None:
            name_handler(
                case.report_id,
                case.assignment_id,
                handler_id=handler.account_id,
                version=None,
                actor=self.head(case),
                city=self.city,
                now=at,
            )
        else:
            take_case(
                case.report_id,
                case.assignment_id,
                version=None,
                actor=handler,
                city=self.city,
                now=at,
            )
        return handler

    def answer(self, case: Case, answer: Answer, handler: Actor, at: datetime) -> None:
        """Answer the case."""
        answer_case(
            case.report_id,
            case.assignment_id,
            answer,
            version=None,
            actor=handler,
            city=self.city,
            now=at,
        )

    def evidence(self, story: Story, at: datetime) -> tuple[str, ...]:
        """Upload a photo or two of the mended place."""
        return self.album.photos(
            story.scene,
            story.random.choice((1, 1, 1, 1, 1, 2)),
            mended=True,
            purpose=PhotoPurpose.EVIDENCE,
            city=self.city,
            random=story.random,
            now=at,
        )

    def approve(self, case: Case, at: datetime) -> None:
        """The head approves the answer."""
        approve_answer(
            case.report_id,
            case.assignment_id,
            version=None,
            actor=self.head(case),
            city=self.city,
            now=at,
        )

    def send_back(self, case: Case, reason: str, at: datetime) -> None:
        """The head sends the answer back."""
        send_back_answer(
            case.report_id,
            case.assignment_id,
            reason=reason,
            version=None,
            actor=self.head(case),
            city=self.city,
            now=at,
        )

    def return_case(self, case: Case, reason: str, handler: Actor, at: datetime) -> None:
        """The unit gives the case back."""
        return_case(
            case.report_id,
            case.assignment_id,
            reason=reason,
            version=None,
            actor=handler,
            city=self.city,
            now=at,
        )

    def propose_transfer(self, case: Case, reason: str, handler: Actor, at: datetime) -> None:
        """The unit proposes that another should have the case."""
        propose_transfer(
            case.report_id,
            case.assignment_id,
            unit_id=None,
            reason=reason,
            version=None,
            actor=handler,
            city=self.city,
            now=at,
        )

    def request_extension(self, case: Case, wanted_on: date, reason: str, at: datetime) -> None:
        """The head asks for more time."""
        request_extension(
            case.report_id,
            case.assignment_id,
            wanted_on=wanted_on,
            reason=reason,
            version=None,
            actor=self.head(case),
            city=self.city,
            now=at,
        )

    # Who

    def dispatcher(self, story: Story) -> Actor:
        """One of the dispatchers."""
        return story.random.choice(
            [actor for actor in self._actors if actor.role is Role.DISPATCHER]
        )

    def head(self, case: Case) -> Actor:
        """The head of the case's unit."""
        return self._of(case.unit_id, Role.HEAD)[0]

    def _of(self, unit_id: int, role: Role) -> list[Actor]:
        return [
            actor
            for actor in self._actors
            if actor.role in UNIT_ROLES and actor.unit_id == unit_id and actor.role is role
        ]


def _habits() -> dict[str, Habits]:
    """Each unit's habits by its code; a dissolved unit has none."""
    rows = {row["code"]: row for row in read("units")["unit"] if "speed" in row}
    rows |= {ward_unit_code(code): row for code, row in read("units")["ward_units"].items()}
    return {code: Habits(row["speed"], row["care"], row["forgets"]) for code, row in rows.items()}


def _nobody_listens() -> None:
    """Wakes nobody: what the load promises it also does itself."""
