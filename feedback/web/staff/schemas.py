"""What the forms of the desk send: shapes only."""

from marshmallow import fields

from feedback.domain.states import Outcome
from feedback.web.forms import Form


class StepIn(Form):
    """A step on a case as it was seen: `version` is the report's then."""

    version = fields.Integer(required=True)


class HandlerIn(StepIn):
    """Naming a handler."""

    handler_id = fields.Integer(required=True)


class AnswerIn(StepIn):
    """An answer; what is missing is for the operation to say."""

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    text = fields.String(load_default="")
    promised_on = fields.Date(load_default=None)
    text_checked = fields.Boolean(load_default=False)


class SendBackIn(StepIn):
    """Sending an answer back."""

    reason = fields.String(load_default="")


class AskIn(StepIn):
    """A question to the citizen."""

    question = fields.String(load_default="")
    text_checked = fields.Boolean(load_default=False)


class ReturnIn(StepIn):
    """Returning a case."""

    reason = fields.String(load_default="")


class TransferIn(StepIn):
    """Proposing another unit, or leaving it open which."""

    unit_id = fields.Integer(load_default=None)
    reason = fields.String(load_default="")


class ExtensionIn(StepIn):
    """Asking for a later deadline."""

    wanted_on = fields.Date(load_default=None)
    reason = fields.String(load_default="")


class NoteIn(Form):
    """A note on a case; it needs no fresh view."""

    text = fields.String(load_default="")
    public = fields.Boolean(load_default=False)
    text_checked = fields.Boolean(load_default=False)


class PromiseIn(StepIn):
    """What shows that a promise was kept."""

    text = fields.String(load_default="")
    text_checked = fields.Boolean(load_default=False)


class OpenIdentityIn(Form):
    """Looking at who sent a report."""

    reason = fields.String(load_default="", data_key="identity_reason")
