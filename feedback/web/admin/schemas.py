"""What the forms of the administrator's desk send: shapes only."""

from typing import Any

from marshmallow import fields, validate

from feedback.domain.states import UnitKind
from feedback.storage.types import LARGEST_KEY
from feedback.web.forms import Form


def key(**more: Any) -> fields.Integer:
    """A row's id, as a choice of the form names it."""
    return fields.Integer(validate=validate.Range(1, LARGEST_KEY), **more)


class ChangeIn(Form):
    """A change of a thing as it was seen: `seen` is its version then, `note` the reason."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    note = fields.String(load_default="")


class UnitIn(Form):
    """What is known of a unit."""

    name = fields.String(load_default="")
    short_name = fields.String(load_default="")
    name_en = fields.String(load_default="")
    kind = fields.Enum(UnitKind, by_value=True, load_default=None)
    valid_from = fields.Date(load_default=None)
    valid_to = fields.Date(load_default=None)
    head_account_id = key(load_default=None)
    duty_phone = fields.String(load_default="")
    duty_email = fields.String(load_default="")
    duty_note = fields.String(load_default="")


class NewUnitIn(UnitIn):
    """A new unit."""

    code = fields.String(load_default="")
    note = fields.String(load_default="")


class ChangedUnitIn(UnitIn, ChangeIn):
    """A unit changed."""
