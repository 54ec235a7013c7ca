"""What the forms of the administrator's desk send: shapes only."""

from typing import Any

from marshmallow import fields, validate

from feedback.domain.calendar import DayKind
from feedback.domain.states import Clock, Role, UnitKind, VisibilityPolicy
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


class AccountIn(Form):
    """What is known of an account."""

    name = fields.String(load_default="")
    email = fields.String(load_default="")
    role = fields.Enum(Role, by_value=True, load_default=None)
    unit_id = key(load_default=None)
    note = fields.String(load_default="")


class NewAccountIn(AccountIn):
    """A new account."""

    login = fields.String(load_default="")


class ChangedAccountIn(AccountIn, ChangeIn):
    """An account changed."""


class SwitchAccountIn(Form):
    """An account opened or closed."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    reason = fields.String(load_default="")


class DissolveIn(Form):
    """A unit dissolved."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    last_day = fields.Date(load_default=None)
    successor_id = key(load_default=None)
    reason = fields.String(load_default="")


class ReasonIn(Form):
    """A step that needs nothing but a reason."""

    reason = fields.String(load_default="")


def number(**more: Any) -> fields.Integer:
    """A number that the databases can hold; its bounds are the operation's."""
    return fields.Integer(
        load_default=None, validate=validate.Range(-LARGEST_KEY, LARGEST_KEY), **more
    )


class CategoryIn(Form):
    """What is known of a category."""

    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    group_id = key(load_default=None)
    service_level_code = fields.String(load_default="")
    visibility_policy = fields.Enum(VisibilityPolicy, by_value=True, load_default=None)
    rounds_point = fields.Boolean(load_default=False)
    retention_days = number()
    keywords = fields.String(load_default="")
    position = number()
    valid_from = fields.Date(load_default=None)
    valid_to = fields.Date(load_default=None)
    note = fields.String(load_default="")


class NewCategoryIn(CategoryIn):
    """A new category."""

    code = fields.String(load_default="")


class ChangedCategoryIn(CategoryIn, ChangeIn):
    """A category changed."""


class GroupIn(Form):
    """What is known of a group of categories."""

    code = fields.String(load_default="")
    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    position = number()
    note = fields.String(load_default="")


class ChangedGroupIn(GroupIn, ChangeIn):
    """A group changed."""


class LevelIn(Form):
    """One version of a service level."""

    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    clock = fields.Enum(Clock, by_value=True, load_default=None)
    accept_minutes = number()
    resolve_days = number()
    resolve_minutes = number()
    waiting_limit_minutes = number()
    approval_needed = fields.Boolean(load_default=False)
    evidence_needed = fields.Boolean(load_default=False)
    valid_from = fields.Date(load_default=None)
    note = fields.String(load_default="")


class NewLevelIn(LevelIn):
    """A new service level."""

    code = fields.String(load_default="")


class NextLevelIn(LevelIn, ChangeIn):
    """The next version of a level."""


class RuleIn(Form):
    """A new routing rule."""

    category_id = key(load_default=None)
    category_group_id = key(load_default=None)
    area_id = key(load_default=None)
    unit_id = key(load_default=None)
    valid_from = fields.Date(load_default=None)
    valid_to = fields.Date(load_default=None)
    replaces = fields.Boolean(load_default=False)
    note = fields.String(load_default="")


class EndRuleIn(Form):
    """A rule ended."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    last_day = fields.Date(load_default=None)
    reason = fields.String(load_default="")


class WeekIn(ChangeIn):
    """The weekly hours, a text for each weekday."""

    monday = fields.String(load_default="")
    tuesday = fields.String(load_default="")
    wednesday = fields.String(load_default="")
    thursday = fields.String(load_default="")
    friday = fields.String(load_default="")
    saturday = fields.String(load_default="")
    sunday = fields.String(load_default="")


class AnyDayIn(Form):
    """What a day that departs from its weekday is like."""

    kind = fields.Enum(DayKind, by_value=True, load_default=None)
    hours = fields.String(load_default="")
    name = fields.String(load_default="")
    source = fields.String(load_default="")


class NewDayIn(AnyDayIn):
    """Such a day, or some on end."""

    day = fields.Date(load_default=None)
    until = fields.Date(load_default=None)


class DayIn(AnyDayIn):
    """Such a day changed, or removed with a reason."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    note = fields.String(load_default="")


class ProposalsIn(Form):
    """Proposed days taken over."""

    days = fields.List(fields.String(), load_default=list)
    source = fields.String(load_default="")


class AreasIn(Form):
    """What stands beside a file of areas."""

    valid_from = fields.Date(load_default=None)
    approximate = fields.Boolean(load_default=False)
    source = fields.String(load_default="")
