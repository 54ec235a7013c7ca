"""Targets for tests."""

from datetime import datetime

from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import Role
from feedback.domain.targets import TargetKind
from feedback.operations.print_commitment import print_commitment
from feedback.operations.set_target import TargetDraft, set_target
from feedback.operations.transaction import reading
from feedback.storage.queries import targets
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


def create_sheet(unit_id: int, *, period: str = "2026", now: datetime = MONDAY) -> int:
    """The id of the commitment sheet of a unit's targets as they stand, in words of no meaning."""
    print_commitment(
        unit_id,
        period,
        lambda _targets, language, _city: {"language": language},
        city=the_city(),
        now=now,
        printer=lambda _template, text, _at: f"%PDF-1.7 {unit_id} {text}".encode(),
    )
    with reading() as session:
        return targets.sheets_of_unit(session, unit_id)[0].id
