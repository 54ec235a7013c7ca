"""Targets: proposed by a supervisor, signed by the head, and signed again after every change."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import Role
from feedback.domain.targets import TargetKind
from feedback.operations.set_target import TargetDraft, set_target
from feedback.operations.sign_target import sign_target
from feedback.operations.transaction import reading
from feedback.storage.models import ReferenceChange, Target
from tests.factories import MONDAY, actor_of, create_account, create_unit, the_city
from tests.operations.lives import Town


@pytest.fixture
def supervisor(town: Town) -> Actor:
    return actor_of(create_account(Role.SUPERVISOR))


@pytest.fixture
def draft(town: Town) -> TargetDraft:
    """95 % on time over the year of the town's days."""
    return TargetDraft(town.unit.id, ShareMeasure.ON_TIME, "2026", TargetKind.ABSOLUTE, 9_500)


def propose(draft: TargetDraft, actor: Actor, version: int | None = None) -> int:
    return set_target(draft, version=version, actor=actor, city=the_city(), now=MONDAY)


def sign(target_id: int, actor: Actor, version: int = 1) -> None:
    sign_target(target_id, version=version, actor=actor, city=the_city(), now=MONDAY)


def kept(target_id: int) -> Target:
    with reading() as session:
        return session.get_one(Target, target_id)


def test_a_signed_target_says_who_signed_it_and_when(
    town: Town, supervisor: Actor, draft: TargetDraft
) -> None:
    target_id = propose(draft, supervisor)
    sign(target_id, actor_of(town.head))
    target = kept(target_id)
    assert (target.signed_by_id, target.signed_at) == (town.head.id, MONDAY)
    with pytest.raises(Conflict, match="target_signed"):
        sign(target_id, actor_of(town.head), version=2)


def test_another_value_must_be_signed_again_and_the_history_keeps_the_first(
    town: Town, supervisor: Actor, draft: TargetDraft
) -> None:
    target_id = propose(draft, supervisor)
    sign(target_id, actor_of(town.head))
    assert propose(draft, supervisor, version=2) == target_id
    assert kept(target_id).signed_at == MONDAY  # the same again changes nothing
    propose(replace(draft, value=9_000), supervisor, version=2)
    assert kept(target_id).signed_at is None
    with pytest.raises(Conflict, match="target_changed"):
        sign(target_id, actor_of(town.head), version=2)
    with reading() as session:
        query = select(ReferenceChange).where(ReferenceChange.kind == ReferenceKind.TARGET)
        last = session.scalars(query.order_by(ReferenceChange.id)).all()[-1]
    assert (last.before["target_value"], last.before["signed_by"]) == (9_500, town.head.name)
    assert (last.after["target_value"], last.after["signed_by"]) == (9_000, None)


def test_only_supervisors_propose_and_only_the_own_head_signs(
    town: Town, supervisor: Actor, draft: TargetDraft
) -> None:
    with pytest.raises(NotAllowed):
        propose(draft, actor_of(town.head))
    target_id = propose(draft, supervisor)
    stranger = create_account(Role.HEAD, create_unit("Điện lực"))
    for actor, refusal in (
        (actor_of(stranger), NotFound),
        (supervisor, NotFound),
        (town.as_handler, NotAllowed),
    ):
        with pytest.raises(refusal):
            sign(target_id, actor)


def test_a_proposal_made_to_an_old_view_is_refused(supervisor: Actor, draft: TargetDraft) -> None:
    propose(draft, supervisor)
    with pytest.raises(Conflict, match="target_changed"):
        propose(replace(draft, value=1), supervisor)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"period": "30"}, "period"),
        ({"period": "2025"}, "period"),
        ({"value": 10_001}, "value"),
        ({"kind": TargetKind.RELATIVE, "value": -5_000}, "base_period"),
        ({"kind": TargetKind.RELATIVE, "value": -5_000, "base_period": "2026-Q1"}, "base_period"),
        ({"unit_id": 999_999}, "unit_id"),
    ],
)
def test_what_cannot_be_a_target_is_refused_by_field(
    supervisor: Actor, draft: TargetDraft, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(replace(draft, **wrong), supervisor)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
