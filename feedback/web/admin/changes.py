"""Changes of reference data in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.surveys import SurveyChannel
from feedback.storage.models import ReferenceChange
from feedback.web.survey_words import CHANNELS
from feedback.web.target_words import target_name, target_words
from feedback.wording import _

NOTHING = "—"
KINDS = {
    ReferenceKind.UNIT: _l("Unit"),
    ReferenceKind.ACCOUNT: _l("Account"),
    ReferenceKind.CATEGORY_GROUP: _l("Group of categories"),
    ReferenceKind.CATEGORY: _l("Category"),
    ReferenceKind.SERVICE_LEVEL: _l("Service level"),
    ReferenceKind.ROUTING_RULE: _l("Routing rule"),
    ReferenceKind.CALENDAR: _l("Calendar"),
    ReferenceKind.AREAS: _l("Areas"),
    ReferenceKind.COUNTER: _l("Counter"),
    ReferenceKind.REPLY_TEMPLATE: _l("Text to reply with"),
    ReferenceKind.INSTRUMENT: _l("Questionnaire"),
    ReferenceKind.SURVEY: _l("Survey"),
    ReferenceKind.LETTER_TEMPLATE: _l("Text of apology letters"),
    ReferenceKind.TARGET: _l("Target"),
    ReferenceKind.REPORTS: _l("File of reports"),
}
ACTIONS = {
    ChangeAction.CREATED: _l("created"),
    ChangeAction.CHANGED: _l("changed"),
    ChangeAction.ENDED: _l("ended"),
    ChangeAction.REMOVED: _l("removed"),
    ChangeAction.DISSOLVED: _l("dissolved"),
    ChangeAction.DISABLED: _l("disabled"),
    ChangeAction.ENABLED: _l("enabled"),
    ChangeAction.NEW_PASSWORD: _l("new password set"),
    ChangeAction.SECOND_FACTOR_RESET: _l("second factor reset"),
    ChangeAction.IMPORTED: _l("imported"),
}
FIELDS = {
    "active": _l("May sign in"),
    "code": _l("Code"),
    "email": _l("E-mail"),
    "login": _l("Login"),
    "open": _l("Open"),
    "role": _l("Role"),
    "unit": _l("Unit"),
    "name": _l("Name or occasion"),
    "short_name": _l("Short name"),
    "name_en": _l("English name"),
    "unit_kind": _l("Kind"),
    "valid_from": _l("Valid from"),
    "valid_to": _l("Last day"),
    "successor": _l("Successor"),
    "head": _l("Head"),
    "duty_phone": _l("Duty phone"),
    "duty_email": _l("Duty e-mail"),
    "accept_minutes": _l("Minutes to accept"),
    "approval_needed": _l("The head approves answers"),
    "area": _l("Area"),
    "category": _l("Category"),
    "clock": _l("Clock"),
    "evidence_needed": _l("Evidence needed"),
    "group": _l("Group"),
    "keywords": _l("Search words"),
    "name_vi": _l("Vietnamese name"),
    "position": _l("Order"),
    "resolve_days": _l("Working days to resolve"),
    "resolve_minutes": _l("Minutes to resolve"),
    "retention_days": _l("Days personal data is kept"),
    "rounds_point": _l("Point rounded for the public"),
    "service_level": _l("Service level"),
    "visibility_policy": _l("What the public sees"),
    "waiting_limit_minutes": _l("Waiting limit in minutes"),
    "day_kind": _l("Kind of day"),
    "hours": _l("Working hours"),
    "text": _l("Text"),
    "title": _l("Title"),
    "about": _l("What it is about"),
    "addressee": _l("Addressed to"),
    "body": _l("Text of the letter"),
    "legal_basis": _l("Legal basis"),
    "authority": _l("Authority above the unit"),
    "place": _l("Place before the day"),
    "symbol": _l("Symbol after the number"),
    "copies": _l("Copies to"),
    "signer_title": _l("Title over the signature"),
    "source": _l("Source document"),
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
    "added": _l("Added"),
    "changed": _l("Changed"),
    "ended": _l("Ended"),
    "approximate": _l("Borders are approximate"),
    "duty_note": _l("How to reach the duty contact"),
    "version": _l("Version"),
    "published": _l("Published"),
    "instrument": _l("Questionnaire"),
    "first_day": _l("First day"),
    "last_day": _l("Last day"),
    "channels": _l("Channels"),
    "units": _l("Units"),
    "totals_source": _l("Source of the population's totals"),
    "measure": _l("Measure"),
    "period": _l("Period"),
    "target_kind": _l("The target is"),
    "target_value": _l("Target"),
    "base_period": _l("Earlier period"),
    "signed_by": _l("Signed by"),
    "signed_at": _l("Signed at"),
    "system": _l("Comes from"),
    "rows_new": _l("New reports"),
    "rows_refused": _l("Refused rows"),
}
VALUES = {
    ("unit_kind", "office"): _l("Office"),
    ("unit_kind", "ward"): _l("Ward"),
    ("unit_kind", "utility"): _l("Utility"),
    ("day_kind", "holiday"): _l("Public holiday"),
    ("day_kind", "in_lieu"): _l("Day off in lieu"),
    ("day_kind", "swapped_in"): _l("Worked in exchange"),
    ("day_kind", "closure"): _l("Local closure"),
    ("clock", "working"): _l("working time"),
    ("clock", "round_the_clock"): _l("round the clock"),
    ("visibility_policy", "auto"): _l("at once, when the text holds nothing private"),
    ("visibility_policy", "review"): _l("after the operations centre releases it"),
    ("visibility_policy", "never"): _l("never"),
    ("target_kind", "absolute"): _l("a share to be reached"),
    ("target_kind", "relative"): _l("so much less of what went wrong in an earlier period"),
    ("role", "handler"): _l("Handler"),
    ("role", "head"): _l("Head of unit"),
    ("role", "dispatcher"): _l("Operations centre"),
    ("role", "supervisor"): _l("Supervisor"),
    ("role", "administrator"): _l("Administrator"),
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a change: its name, what it was and what it became."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change: what, who, when, and its fields."""

    id: int
    kind: ReferenceKind
    kind_word: str
    object_key: str
    name: str
    action: str
    created: bool
    who: str
    at: datetime
    fields: list[FieldView]
    note: str


def change_views(rows: Iterable[ReferenceChange]) -> list[ChangeView]:
    """Changes as the pages show them."""
    return [_view(row) for row in rows]


def _view(row: ReferenceChange) -> ChangeView:
    return ChangeView(
        id=row.id,
        kind=row.kind,
        kind_word=str(KINDS[row.kind]),
        object_key=row.object_key,
        name=target_name(row.name)
        if row.kind is ReferenceKind.TARGET
        else row.name or _("weekly hours"),
        action=str(ACTIONS[row.action]),
        created=row.action is ChangeAction.CREATED,
        who=row.account.name if row.account else _("Operator, at the command line"),
        at=row.at,
        fields=[
            FieldView(
                _field_words(name),
                value_words(name, row.before.get(name)),
                value_words(name, value),
            )
            for name, value in row.after.items()
            if value not in (None, "") or name in row.before
        ],
        note=row.note,
    )


def _field_words(name: str) -> str:
    """What a field is called; a survey's quota by its channel, and its group of people as it is."""
    channel, comma, group = name.partition(", ")
    if channel in set(SurveyChannel):
        return f"{CHANNELS[SurveyChannel(channel)]}{comma}{group}"
    return str(FIELDS.get(name, name))


def value_words(name: str, value: Any) -> str:
    """One value of a field in words."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "channels":
        return ", ".join(_field_words(channel) for channel in str(value).split(", "))
    known = VALUES.get((name, str(value)))
    if known is not None:
        return str(known)
    return target_words(name, value) or _day_words(str(value))


def _day_words(value: str) -> str:
    """A day as people write it; any other text as it is."""
    try:
        return date.fromisoformat(value).strftime("%d/%m/%Y") if len(value) == 10 else value
    except ValueError:
        return value
