"""The hands of the demo city's people: each step of a life is a call of the real operation."""

from datetime import datetime

from feedback.demo.centre_hands import CentreHands
from feedback.demo.people import Case
from feedback.demo.stories import Story
from feedback.demo.unit_hands import UnitHands
from feedback.domain.actors import CITIZEN
from feedback.domain.consents import CURRENT
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.states import Channel, PhotoPurpose, PlaceSource, RatingLevel
from feedback.operations.answer_question import answer_question
from feedback.operations.ask_again import ask_again
from feedback.operations.follow_report import follow_report, followable
from feedback.operations.rate_report import rate_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.submit_report import ReportDraft, submit_report
from feedback.operations.transaction import reading
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.queries import messages, reports


class Hands(UnitHands, CentreHands):
    """Everybody's hands: here are those of the citizens."""

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
            category_id=self.categories[story.category] if story.named else None,
            latitude=story.point[0] if story.point else None,
            longitude=story.point[1] if story.point else None,
            accuracy_m=story.accuracy if story.point and located is PlaceSource.GPS else None,
            place_source=located if story.point else PlaceSource.WARD,
            area_id=None if story.point else self.areas[story.ward.code],
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

    def reply(self, case: Case, text: str, at: datetime) -> None:
        """The reporter answers the unit's question."""
        with reading() as session:
            question_id = messages.latest_question_id(session, case.assignment_id)
        if question_id is None:
            raise RuntimeError("nothing was asked")
        answer_question(case.report_id, question_id, text=text, city=self.city, now=at)

    def follow(self, story: Story, device: str, at: datetime) -> None:
        """Somebody who passes by sees it too, unless it is not published, or over."""
        with reading() as session:
            report = reports.by_submission(session, str(story.submission_id))
            if report is None:
                raise RuntimeError("a report is followed after it was sent")
            try:
                report_id = followable(session, report.id).id
            except (NotFound, Conflict):
                return
        follow_report(report_id, device=device, language="vi", city=self.city, now=at)
