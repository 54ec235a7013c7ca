"""The factories make what they say, on both databases."""

import pytest

from feedback.domain.states import AssignmentState, Outcome, PhotoPurpose, ReportState, Role
from feedback.operations.transaction import reading
from feedback.storage.models import Assignment, Report
from tests.factories import (
    INSIDE,
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_closed_report,
    create_report,
    create_rule,
    create_unit,
    create_upload,
    create_working_week,
)

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_report_goes_the_whole_way() -> None:
    create_working_week()
    area, unit = create_area(), create_unit()
    category = create_category(approval_needed=True)
    create_rule(unit, category=category, area=area)

    routed = create_report(category=category, place=INSIDE)
    unrouted = create_report()
    taken = create_case(unit, handler=create_account(Role.HANDLER, unit))
    answered = create_answered_case(unit, category=category)
    closed = create_closed_report(unit, category=category, outcome=Outcome.PLANNED)

    with reading() as session:
        states = {report.id: report.state for report in session.query(Report)}
        state_taken = session.get_one(Assignment, taken.assignment_id).state
    assert state_taken is AssignmentState.IN_PROGRESS
    assert states == {
        routed.report_id: ReportState.DISPATCHED,
        unrouted.report_id: ReportState.RECEIVED,
        taken.report_id: ReportState.IN_PROGRESS,
        answered.report_id: ReportState.ANSWERED,
        closed.report_id: ReportState.CLOSED,
    }


def test_an_upload_can_be_processed_at_once() -> None:
    assert create_upload(PhotoPurpose.EVIDENCE, processed=True)
