"""The steps of the operations centre on a case; each form of its page has one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from feedback.operations.add_unit import add_unit
from feedback.operations.decide_rejection import lift_rejection, uphold_rejection
from feedback.operations.decide_requests import decide_extension, decide_transfer
from feedback.operations.decide_return import accept_return, send_back_return
from feedback.operations.decide_visibility import decide_visibility
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.mark_duplicate import mark_duplicate, undo_duplicate
from feedback.operations.name_lead import name_lead
from feedback.operations.reject_report import reject_report
from feedback.operations.transfer_case import transfer_case
from feedback.operations.withdraw_assignment import withdraw_assignment
from feedback.web import context
from feedback.web.forms import Form
from feedback.web.staff import people
from feedback.web.staff.case_page import visible_report
from feedback.web.staff.dispatch_schemas import (
    AddUnitIn,
    AssignmentIn,
    DispatchIn,
    ExtensionDecisionIn,
    ReasonedIn,
    RejectIn,
    RootIn,
    TransferDecisionIn,
    TransferIn,
    UpholdIn,
    VisibilityIn,
    WithdrawalIn,
)
from feedback.web.staff.schemas import StepIn
from feedback.web.staff.taking_steps import take_step
from feedback.wording import _

pages = Blueprint("dispatching", __name__)
# After these there is more to decide about the same report.
GOES_ON = frozenset({"add-unit", "lead", "take-away", "lift", "visibility", "duplicate-undone"})


@pages.post("/staff/reports/<code>/dispatch")
def dispatch(code: str) -> ResponseReturnValue:
    """Send a report to a unit by hand, or to several at once."""
    done = _("The report is on its way to the unit.")
    return _step(code, "dispatch", DispatchIn, dispatch_report, done)


@pages.post("/staff/reports/<code>/units")
def add(code: str) -> ResponseReturnValue:
    """Have one more unit work at it."""
    return _step(code, "add-unit", AddUnitIn, add_unit, _("The unit works at the report too."))


@pages.post("/staff/reports/<code>/lead")
def lead(code: str) -> ResponseReturnValue:
    """Have another unit lead."""
    return _step(code, "lead", AssignmentIn, name_lead, _("Another unit leads now."))


@pages.post("/staff/reports/<code>/transfer")
def transfer(code: str) -> ResponseReturnValue:
    """Move it from one unit to another."""
    done = _("The case is with the other unit now.")
    return _step(code, "transfer", TransferIn, transfer_case, done)


@pages.post("/staff/reports/<code>/take-away")
def take_away(code: str) -> ResponseReturnValue:
    """Take it from a unit."""
    done = _("The unit has no part in it any more.")
    return _step(code, "take-away", WithdrawalIn, withdraw_assignment, done)


@pages.post("/staff/reports/<code>/return-back")
def return_back(code: str) -> ResponseReturnValue:
    """Give it back to the unit that returned it."""
    done = _("The case is with the unit again.")
    return _step(code, "return-back", WithdrawalIn, send_back_return, done)


@pages.post("/staff/reports/<code>/return-accepted")
def return_accepted(code: str) -> ResponseReturnValue:
    """Let the others go on without the unit that returned it."""
    done = _("The other units go on alone.")
    return _step(code, "return-accepted", AssignmentIn, accept_return, done)


@pages.post("/staff/reports/<code>/transfer-decision")
def transfer_decision(code: str) -> ResponseReturnValue:
    """Agree to a proposed transfer, or not."""
    done = _("The proposal is decided.")
    return _step(code, "transfer-decision", TransferDecisionIn, decide_transfer, done)


@pages.post("/staff/reports/<code>/extension-decision")
def extension_decision(code: str) -> ResponseReturnValue:
    """Agree to more time, or not."""
    done = _("The wish for more time is decided.")
    return _step(code, "extension-decision", ExtensionDecisionIn, decide_extension, done)


@pages.post("/staff/reports/<code>/reject")
def reject(code: str) -> ResponseReturnValue:
    """Refuse a report with a reason and a text for the citizen."""
    done = _("The report is refused; the citizen reads why.")

    def refuse(report_id: int, *, reason_code: Any, **sent: Any) -> None:
        reject_report(report_id, reason=reason_code, **sent)

    return _step(code, "reject", RejectIn, refuse, done)


@pages.post("/staff/reports/<code>/lift")
def lift(code: str) -> ResponseReturnValue:
    """Take a rejection back."""
    done = _("The report is accepted after all. Send it to a unit.")
    return _step(code, "lift", ReasonedIn, lift_rejection, done)


@pages.post("/staff/reports/<code>/uphold")
def uphold(code: str) -> ResponseReturnValue:
    """Leave a rejection as it is, and say why."""
    done = _("The report stays refused; the citizen reads why.")
    return _step(code, "uphold", UpholdIn, uphold_rejection, done)


@pages.post("/staff/reports/<code>/visibility")
def visibility(code: str) -> ResponseReturnValue:
    """Release it to the public, hold it, or keep it private."""
    done = _("What the public sees is decided.")
    return _step(code, "visibility", VisibilityIn, decide_visibility, done)


@pages.post("/staff/reports/<code>/duplicate")
def duplicate(code: str) -> ResponseReturnValue:
    """Say that it repeats another report."""
    done = _("The report is merged with the one that came first.")
    return _step(code, "duplicate", RootIn, mark_duplicate, done)


@pages.post("/staff/reports/<code>/duplicate-undone")
def duplicate_undone(code: str) -> ResponseReturnValue:
    """Say that it does not after all."""
    done = _("It is a report of its own again. Send it to a unit.")
    return _step(code, "duplicate-undone", StepIn, undo_duplicate, done)


def _step(
    code: str, name: str, schema: type[Form], use_case: Callable[..., None], done: str
) -> ResponseReturnValue:
    """Take a form's step: its fields are what the use case asks for."""
    report_id = visible_report(code).id

    def act(sent: dict[str, Any]) -> None:
        use_case(
            report_id,
            **sent,
            actor=people.current_actor(),
            city=context.city(),
            now=context.now(),
        )

    return take_step(code, name, schema, act, done, done_with=name not in GOES_ON)
