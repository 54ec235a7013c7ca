"""A supervisor proposes what a unit is to reach; the head's signature puts it in force."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.events import Event
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.share_measures import ShareMeasure, shown
from feedback.domain.shares import Ratio
from feedback.domain.states import Role
from feedback.domain.targets import TargetKind, calendar_window, is_value_of, nothing_went_wrong
from feedback.domain.windows import Sample
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.operations.unit_ratio import unit_ratio
from feedback.storage.models import Account, Target, Unit
from feedback.storage.queries import targets


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """What a form says of a target; `value` in hundredths of a percent."""

    unit_id: int
    measure: ShareMeasure
    period: str
    kind: TargetKind
    value: int
    base_period: str | None = None


def set_target(
    draft: TargetDraft, *, version: int | None, actor: Actor, city: City, now: datetime
) -> int:
    """Propose a target, or another value for one there is, and return its id.

    `version` is that of the target as it was seen, None where none was. Another value for a signed
    target is a new proposal: the signature no longer stands, and what was signed stays in the
    history of its changes. The same value again changes nothing.
    Raises NotAllowed unless the actor is a supervisor, Conflict when the target has changed or come
    about meanwhile, and Invalid naming `unit_id`, `period`, `value` or `base_period`.
    """
    if actor.role is not Role.SUPERVISOR:
        raise NotAllowed("supervisor_only")
    with transaction(city) as session:
        # The unit is locked, so that of two first proposals at once the second finds the first.
        unit = session.get(Unit, draft.unit_id, with_for_update=True)
        if unit is None:
            raise Invalid({"unit_id": "unknown_unit"})
        base = _checked(draft, now.astimezone(city.zone).date())
        stood = _stood(session, draft, base)
        target = targets.one_of(session, unit.id, draft.measure, draft.period)
        if version != (target.version if target else None):
            raise Conflict("target_changed")
        if target is None:
            proposed = Target(
                unit_id=unit.id,
                measure=draft.measure,
                period=draft.period,
                kind=draft.kind,
                value=draft.value,
                base_period=base,
                base_part=stood.numerator if base else None,
                base_whole=stood.denominator if base else None,
                proposed_at=now,
                proposed_by_id=actor.account_id,
            )
            promise(session, Event.TARGETS_CHANGED, now, unit_id=unit.id, period=draft.period)
            return TARGETS.create(session, proposed, by=actor, now=now)
        if (target.kind, target.value, target.base_period) == (draft.kind, draft.value, base):
            return target.id
        with TARGETS.changing(session, target, by=actor, now=now):
            target.kind, target.value, target.base_period = draft.kind, draft.value, base
            target.proposed_at, target.proposed_by_id = now, actor.account_id
            target.base_part = stood.numerator if base else None
            target.base_whole = stood.denominator if base else None
            target.signed_at, target.signed_by_id = None, None
            target.signed_part, target.signed_whole = None, None
            target.version += 1
        promise(session, Event.TARGETS_CHANGED, now, unit_id=unit.id, period=draft.period)
        return target.id


def _checked(draft: TargetDraft, today: date) -> str | None:
    """The period a draft is compared with, None for an absolute one. Raises Invalid."""
    fields = Fields()
    try:
        window = calendar_window(draft.period)
    except ValueError:
        raise Invalid({"period": "not_a_period"}) from None
    if window.last < today:
        fields.refuse("period", "period_over")
    if not is_value_of(draft.kind, draft.value):
        fields.refuse("value", "number_out_of_range")
    base = draft.base_period if draft.kind is TargetKind.RELATIVE else None
    if draft.kind is TargetKind.RELATIVE:
        fields.needed("base_period", base)
    if base is not None:
        try:
            if calendar_window(base).last >= min(window.first, today):
                fields.refuse("base_period", "not_an_earlier_period")
        except ValueError:
            fields.refuse("base_period", "not_a_period")
    fields.raise_all()
    return base


def _stood(session: Session, draft: TargetDraft, base: str | None) -> Ratio:
    """The figure a relative target starts from. Raises Invalid where nothing may be said of it."""
    if base is None:
        return Ratio(0, 0)
    found = unit_ratio(session, draft.unit_id, draft.measure, base)
    if shown(draft.measure, found) in {Sample.NONE, Sample.HIDDEN}:
        raise Invalid({"base_period": "nothing_to_compare"})
    if nothing_went_wrong(draft.measure, found):
        raise Invalid({"base_period": "nothing_went_wrong"})
    return found


def _facts(session: Session, target: Target) -> dict[str, Any]:
    unit = session.get_one(Unit, target.unit_id)
    signer = session.get(Account, target.signed_by_id) if target.signed_by_id else None
    return {
        "unit": unit.name,
        "measure": target.measure.value,
        "period": target.period,
        "target_kind": target.kind.value,
        "target_value": target.value,
        "base_period": target.base_period,
        "signed_by": signer.name if signer else None,
        "signed_at": target.signed_at.isoformat() if target.signed_at else None,
    }


TARGETS = Kept(
    ReferenceKind.TARGET,
    Target,
    "target_not_found",
    lambda target: f"{target.measure.value} {target.period} {target.unit.name}",
    _facts,
)
"""How targets are kept."""
