"""What the units of the demo city do: each step of a life is a call of the real operation."""

from datetime import date, datetime

from sqlalchemy import select

from feedback.demo.people import Case, People
from feedback.demo.stories import Story
from feedback.domain.actors import Actor
from feedback.domain.states import PhotoPurpose, Role
from feedback.operations.add_note import Note, add_note
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.end_waiting import end_waiting, waits_until
from feedback.operations.keep_promise import Proof, keep_promise
from feedback.operations.name_handler import name_handler
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.reference import Reference
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.storage.models import Round
from feedback.storage.queries import messages


class UnitHands(People):
    """Handlers and heads at work on their cases."""

    def accept(self, story: Story, case: Case, at: datetime) -> Actor:
        """A handler takes the case, or the head gives it to one; returns the handler."""
        handler = story.random.choice(self.of_unit(case.unit_id, Role.HANDLER))
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

    def evidence(
        self, story: Story, at: datetime, purpose: PhotoPurpose = PhotoPurpose.EVIDENCE
    ) -> tuple[str, ...]:
        """Upload a photo or two of the mended place."""
        return self.album.photos(
            story.scene,
            story.random.choice((1, 1, 1, 1, 1, 2)),
            mended=True,
            purpose=purpose,
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

    def ask(self, case: Case, question: str, handler: Actor, at: datetime) -> None:
        """The handler asks the reporter."""
        ask_citizen(
            case.report_id,
            case.assignment_id,
            question=question,
            version=None,
            actor=handler,
            city=self.city,
            now=at,
        )

    def waits_until(self, case: Case) -> datetime:
        """When a case that waits goes on by itself."""
        with reading() as session:
            reference = Reference(session, self.city)
            waiting = messages.waiting(session)
            own = next(one for one in waiting if one.assignment_id == case.assignment_id)
            until = waits_until(reference, own)
        if until is None:
            raise RuntimeError("the demo city's calendar covers its year")
        return until

    def go_on(self, case: Case, at: datetime) -> None:
        """A case that has waited long enough goes on; others do so in their own lives."""
        end_waiting(city=self.city, now=at, only=case.report_id)

    def note(self, case: Case, note: Note, handler: Actor, at: datetime) -> None:
        """The handler writes something down, or tells everybody how it goes."""
        add_note(case.report_id, case.assignment_id, note, actor=handler, city=self.city, now=at)

    def promised_on(self, case: Case) -> date | None:
        """The day a closed case was promised to be done by."""
        promise = select(Round.promised_on).where(Round.report_id == case.report_id)
        with reading() as session:
            return session.scalars(promise.order_by(Round.number.desc()).limit(1)).one()

    def keep_promise(self, case: Case, proof: Proof, handler: Actor, at: datetime) -> None:
        """The handler shows that what was promised is done."""
        keep_promise(
            case.report_id,
            case.assignment_id,
            proof,
            version=None,
            actor=handler,
            city=self.city,
            now=at,
        )
