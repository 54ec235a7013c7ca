"""What the page for phone calls and e-mails sends: shapes only."""

from marshmallow import fields, validate

from feedback.domain.states import Channel
from feedback.web.forms import Form
from feedback.web.languages import LANGUAGES


class IntakeIn(Form):
    """A report on somebody's behalf; an empty category is "don't know"."""

    submission_id = fields.UUID(required=True)
    channel = fields.Enum(
        Channel,
        by_value=True,
        required=True,
        validate=validate.OneOf([Channel.PHONE, Channel.EMAIL]),
    )
    language = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    category_id = fields.Integer(load_default=None)
    area_id = fields.Integer(load_default=None)
    address_text = fields.String(load_default="")
    point = fields.String(load_default="")
    text = fields.String(load_default="")
    contact_name = fields.String(load_default="")
    contact_phone = fields.String(load_default="")
    contact_email = fields.String(load_default="")
    consent = fields.String(load_default="")  # the version of the text that was read out
