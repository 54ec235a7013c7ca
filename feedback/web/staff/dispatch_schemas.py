"""What the forms of the operations centre send: shapes only."""

from typing import Any

from marshmallow import fields, post_load

from feedback.domain.states import RejectionReason, Visibility
from feedback.web.staff.schemas import StepIn


class DispatchIn(StepIn):
    """Sending a report to a unit by hand, or to several."""

    category_id = fields.Integer(required=True)
    unit_id = fields.Integer(required=True)
    other_unit_ids = fields.List(fields.Integer(), load_default=())
    note = fields.String(load_default="")


class AddUnitIn(StepIn):
    """One more unit."""

    unit_id = fields.Integer(required=True)
    note = fields.String(load_default="")


class AssignmentIn(StepIn):
    """A step about one unit's part in a report."""

    assignment_id = fields.Integer(required=True)


class WithdrawalIn(AssignmentIn):
    """The same with a reason."""

    reason = fields.String(load_default="")


class TransferIn(WithdrawalIn):
    """Moving a unit's part to another unit."""

    unit_id = fields.Integer(required=True)


class ReasonedIn(StepIn):
    """A step with a reason."""

    reason = fields.String(load_default="")


class RejectIn(StepIn):
    """Refusing a report, with a text for the citizen."""

    reason_code = fields.Enum(RejectionReason, by_value=True, load_default=None)
    text = fields.String(load_default="")


class UpholdIn(StepIn):
    """Leaving a rejection as it is, with a text for the citizen."""

    text = fields.String(load_default="")


class VisibilityIn(ReasonedIn):
    """What the public sees."""

    visibility = fields.Enum(Visibility, by_value=True, load_default=None)


class RootIn(StepIn):
    """The report that came first: chosen from those near by, or its code typed in."""

    near_code = fields.String(load_default="")
    root_code = fields.String(load_default="")

    @post_load
    def _typed_first(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        near = data.pop("near_code")
        return {**data, "root_code": data["root_code"].strip() or near}


class _DecisionIn(ReasonedIn):
    """Agreeing to what a unit asks for, or not: the button that was pressed."""

    request_id = fields.Integer(required=True)
    decision = fields.String(load_default="")

    @post_load
    def _as_yes_or_no(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        decision = data.pop("decision")
        return {**data, "accept": decision == "accept"}


class ExtensionDecisionIn(_DecisionIn):
    """Deciding about more time."""


class TransferDecisionIn(_DecisionIn):
    """Deciding about another unit, which the dispatcher may choose."""

    unit_id = fields.Integer(load_default=None)
