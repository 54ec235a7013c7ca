"""What a reporter's forms send: shapes only."""

from marshmallow import fields

from feedback.domain.states import PlaceSource
from feedback.web.forms import Form


class ReportIn(Form):
    """The report form; an empty category is "don't know", a missing one is no answer."""

    keep_empty = frozenset({"category_id"})

    submission_id = fields.UUID(required=True)
    category_id = fields.String(load_default=None)
    latitude = fields.Float()
    longitude = fields.Float()
    accuracy_m = fields.Float()
    place_source = fields.Enum(PlaceSource, by_value=True)
    area_id = fields.Integer()
    address_text = fields.String(load_default="")
    text = fields.String(load_default="")
    contact_name = fields.String(load_default="")
    contact_email = fields.String(load_default="")
    contact_phone = fields.String(load_default="")
    consent = fields.String(load_default="")  # the version of the text that was agreed to


class RatingIn(Form):
    """The rating form."""

    level = fields.String(load_default="")
    comment = fields.String(load_default="")


class TakingBackIn(Form):
    """The forms that withdraw a report, and that ask for a second look at a refused one."""

    reason = fields.String(load_default="")


class LookUpIn(Form):
    """The form that finds a report by its code and a contact."""

    code = fields.String(load_default="")
    contact = fields.String(load_default="")


class CounterRatingIn(Form):
    """One press of a face; `qr` tells that the printed code led here."""

    level = fields.String(load_default="")
    qr = fields.Boolean(load_default=False)


class SayingMoreIn(Form):
    """What somebody adds to a press of a face."""

    level = fields.String(load_default="")
    reason = fields.String(load_default="")
    comment = fields.String(load_default="")


class ReopeningIn(Form):
    """The form that asks to take a report up again."""

    reason = fields.String(load_default="")


class ReplyIn(Form):
    """The form that answers a unit's question."""

    text = fields.String(load_default="")
