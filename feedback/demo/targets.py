"""Targets in the demo city, proposed and mostly signed, with their sheets printed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from feedback.demo.data_files import read
from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.periods import ONE_DAY, Period, PeriodKind, periods_with
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import ActorKind, Role
from feedback.domain.targets import TargetKind
from feedback.operations.city import City
from feedback.operations.print_commitment import print_commitment
from feedback.operations.set_target import TargetDraft, set_target
from feedback.operations.sign_target import sign_target
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Unit
from feedback.wording.commitments import commitment_words


def write_targets(city: City, now: datetime) -> None:
    """Propose and sign what `data/targets.toml` tells for the present quarter, and print it.

    Call it when the figures are ready: targets start from them and are signed beside them.
    """
    present = _quarter(city, now)
    before = _quarter(city, now, present)
    with reading() as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        accounts = session.scalars(select(Account).order_by(Account.id.desc())).all()
        actors = {
            (account.role, account.unit_id): Actor(
                ActorKind.STAFF, account.id, account.role, account.unit_id
            )
            for account in accounts
        }
    concerned = {}
    for row in read("targets")["target"]:
        unit_id = units[row["unit"]]
        draft = _draft(row, unit_id, present.name, before.name)
        proposer = actors[Role.SUPERVISOR, None]
        try:
            target_id = set_target(draft, version=None, actor=proposer, city=city, now=now)
        except Invalid as refused:
            # The quarter before may have had too little to start from, or nothing to lessen.
            if refused.fields["base_period"] not in {"nothing_to_compare", "nothing_went_wrong"}:
                raise
            continue
        if row["signed"]:
            head = actors[Role.HEAD, unit_id]
            sign_target(target_id, version=1, actor=head, city=city, now=now)
        concerned[unit_id] = present.name
    for unit_id, period in concerned.items():
        print_commitment(unit_id, period, commitment_words, city=city, now=now)


def _quarter(city: City, now: datetime, following: Period | None = None) -> Period:
    """The present quarter, or the one before another."""
    today = now.astimezone(city.zone).date()
    day = following.window.first - ONE_DAY if following else today
    return next(one for one in periods_with(day, today) if one.kind is PeriodKind.QUARTER)


def _draft(row: dict[str, Any], unit_id: int, period: str, before: str) -> TargetDraft:
    measure, is_relative = ShareMeasure(row["measure"]), "less" in row
    return TargetDraft(
        unit_id=unit_id,
        measure=measure,
        period=period,
        kind=TargetKind.RELATIVE if is_relative else TargetKind.ABSOLUTE,
        value=-100 * row["less"] if is_relative else 100 * row["share"],
        base_period=before if is_relative else None,
    )
