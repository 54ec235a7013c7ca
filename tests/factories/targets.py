"""Targets for tests."""

from datetime import datetime

from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import Role
from feedback.domain.targets import TargetKind
from feedback.operations.set_target import TargetDraft, set_target
from tests.factories.accounts import actor_of, create_account
from tests.factories.base import MONDAY, the_city


def create_target(
    unit_id: int,
    *,
    measure: ShareMeasure = ShareMeasure.ON_TIME_ORIGINAL,
    period: str = "2026",
    value: int = 9_000,
    now: datetime = MONDAY,
) -> int:
    """The id of a target of so many hundredths of a percent, proposed and not signed."""
    draft = TargetDraft(unit_id, measure, period, TargetKind.ABSOLUTE, value)
    supervisor = actor_of(create_account(Role.SUPERVISOR))
    return set_target(draft, version=None, actor=supervisor, city=the_city(), now=now)
