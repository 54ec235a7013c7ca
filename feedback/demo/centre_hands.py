"""What dispatchers decide in the demo city: each step is a call of the real operation."""

from datetime import datetime

from feedback.demo.people import Case, People
from feedback.demo.reference import ward_unit_code
from feedback.demo.stories import Story
from feedback.domain.states import CaseRequestKind, ReportState
from feedback.operations.add_unit import add_unit
from feedback.operations.decide_requests import decide_extension, decide_transfer
from feedback.operations.decide_return import send_back_return
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.mark_duplicate import mark_duplicate
from feedback.operations.reject_report import reject_report
from feedback.operations.transaction import reading
from feedback.storage.queries import reports, requests

CITY_UNITS = ("quan-ly-ha-tang", "so-xay-dung")
NO_ROOTS = {ReportState.REJECTED, ReportState.WITHDRAWN, ReportState.DUPLICATE}


class CentreHands(People):
    """The dispatchers of the operations centre."""

    def dispatch(self, story: Story, report_id: int, at: datetime) -> None:
        """Send a report by hand to a unit that could do it."""
        own = self.units.get(ward_unit_code(story.ward.code))
        dispatch_report(
            report_id,
            unit_id=own or self.units[story.random.choice(CITY_UNITS)],
            category_id=self.categories[story.category],
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

    def add_unit(self, story: Story, case: Case, note: str, at: datetime) -> Case:
        """Let a second unit of the city work at the report too; returns its case."""
        choices = [self.units[code] for code in CITY_UNITS if self.units[code] != case.unit_id]
        unit_id = story.random.choice(choices)
        add_unit(
            case.report_id,
            unit_id=unit_id,
            note=note,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )
        added = self.case(case.report_id, unit_id)
        if added is None:
            raise RuntimeError("the added unit has a case")
        return added

    def send_back_return(self, story: Story, case: Case, reason: str, at: datetime) -> None:
        """The unit that returned its case gets it back."""
        send_back_return(
            case.report_id,
            case.assignment_id,
            reason=reason,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )

    def decide_extension(
        self, story: Story, case: Case, at: datetime, *, accept: bool, reason: str = ""
    ) -> None:
        """More time is given or refused."""
        decide_extension(
            case.report_id,
            self._asked(case, CaseRequestKind.EXTENSION),
            accept=accept,
            reason=reason,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )

    def decide_transfer(
        self, story: Story, case: Case, at: datetime, *, accept: bool, reason: str = ""
    ) -> None:
        """Another unit gets the case, or it stays where it is."""
        choices = [self.units[code] for code in CITY_UNITS if self.units[code] != case.unit_id]
        decide_transfer(
            case.report_id,
            self._asked(case, CaseRequestKind.TRANSFER),
            accept=accept,
            unit_id=story.random.choice(choices) if accept else None,
            reason=reason,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )

    def mark_duplicate(self, story: Story, report_id: int, at: datetime) -> bool:
        """The report repeats the one its story says, unless that one has left the desks itself."""
        with reading() as session:
            root = reports.by_submission(session, str(story.repeats))
            if root is None or root.state in NO_ROOTS:
                return False
            code = root.code
        mark_duplicate(
            report_id,
            root_code=code,
            version=None,
            actor=self.dispatcher(story),
            city=self.city,
            now=at,
        )
        return True

    def _asked(self, case: Case, kind: CaseRequestKind) -> int:
        with reading() as session:
            asked = requests.open_of_cases(session, [case.assignment_id])
            return next(request.id for request in asked if request.kind is kind)
