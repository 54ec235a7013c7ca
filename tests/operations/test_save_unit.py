"""Units are set up and kept by administrators, and every change is written down."""

from datetime import date
from typing import Any

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import ActorKind, Role, UnitKind
from feedback.operations.save_unit import UnitDraft, change_unit, create_unit
from feedback.operations.transaction import reading
from feedback.storage.models import ReferenceChange, Unit
from feedback.storage.queries import reference_changes, versions
from tests.factories import MONDAY, actor_of, create_account, the_city
from tests.factories import create_unit as make_unit

pytestmark = pytest.mark.usefixtures("app_context")
NAMED = {"name": "Đội Cây xanh", "short_name": "Cây xanh", "name_en": "Parks"}
DRAFT = UnitDraft(**NAMED, kind=UnitKind.OFFICE, valid_from=date(2026, 1, 1))


def by() -> dict[str, Any]:
    return {"actor": Actor(ActorKind.STAFF, None, Role.ADMINISTRATOR), "city": the_city()}


def changes(unit_id: int) -> list[ReferenceChange]:
    with reading() as session:
        return list(reference_changes.of_object(session, ReferenceKind.UNIT, str(unit_id)))


def test_a_new_unit_is_written_down_with_who_set_it_up() -> None:
    administrator = create_account(Role.ADMINISTRATOR)
    unit_id = create_unit(
        "cay-xanh",
        DRAFT,
        actor=actor_of(administrator),
        city=the_city(),
        now=MONDAY,
        note="Quyết định 12/QĐ",
    )
    (change,) = changes(unit_id)
    assert (change.action, change.account_id) == (ChangeAction.CREATED, administrator.id)
    assert change.after["name"] == "Đội Cây xanh"
    assert (change.before, change.note) == ({}, "Quyết định 12/QĐ")


def test_a_change_keeps_only_what_differs_and_raises_the_version() -> None:
    unit = make_unit("Đội Cây xanh", short_name="Cây xanh")
    with reading() as session:
        before = versions.current(session)[versions.DIRECTORY]
    draft = UnitDraft(
        **{**NAMED, "name": "  Trung ta\u0302m Cây xanh "},
        kind=UnitKind.OFFICE,
        valid_from=unit.valid_from,
        duty_phone="0234 3822 822",
    )
    change_unit(unit.id, draft, seen=0, now=MONDAY, **by())
    (change,) = changes(unit.id)
    assert set(change.after) == {"name", "name_en", "unit_kind", "duty_phone"}
    assert (change.before["name"], change.after["name"]) == ("Đội Cây xanh", "Trung tâm Cây xanh")
    with reading() as session:
        assert versions.current(session)[versions.DIRECTORY] > before
    change_unit(unit.id, draft, seen=change.id, now=MONDAY, **by())
    assert len(changes(unit.id)) == 1, "what changes nothing is not written down"


def test_an_old_view_of_a_unit_changes_nothing() -> None:
    unit = make_unit()
    change_unit(unit.id, DRAFT, seen=0, now=MONDAY, **by())
    with pytest.raises(Conflict, match="reference_changed"):
        change_unit(unit.id, DRAFT, seen=0, now=MONDAY, **by())


def test_every_problem_is_named_at_once() -> None:
    bad = UnitDraft(
        **{**NAMED, "name": " ", "short_name": "x" * 81},
        kind=UnitKind.WARD,
        valid_from=date(2026, 1, 2),
        valid_to=date(2026, 1, 1),
        duty_email="none",
        duty_phone="no",
    )
    with pytest.raises(Invalid) as refused:
        create_unit("Ủy ban", bad, now=MONDAY, **by())
    assert refused.value.fields == {
        "code": "not_a_code",
        "name": "required",
        "short_name": "too_long",
        "valid_to": "before_start",
        "duty_email": "not_an_email",
        "duty_phone": "not_a_duty_phone",
    }


def test_the_named_head_leads_this_very_unit() -> None:
    unit, other = make_unit(), make_unit("Điện lực")
    head, stranger = create_account(Role.HEAD, unit), create_account(Role.HEAD, other)
    for account_id in (stranger.id, create_account(Role.HANDLER, unit).id, 2**31 - 1):
        with pytest.raises(Invalid, match="invalid"):
            draft = UnitDraft(
                **NAMED,
                kind=UnitKind.OFFICE,
                valid_from=unit.valid_from,
                head_account_id=account_id,
            )
            change_unit(unit.id, draft, seen=None, now=MONDAY, **by())
    draft = UnitDraft(
        **NAMED, kind=UnitKind.OFFICE, valid_from=unit.valid_from, head_account_id=head.id
    )
    change_unit(unit.id, draft, seen=None, now=MONDAY, **by())
    with reading() as session:
        assert session.get_one(Unit, unit.id).head_account_id == head.id
    assert changes(unit.id)[0].after["head"] == f"{head.name} ({head.login})"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may(role: Role) -> None:
    with pytest.raises(NotAllowed, match="administrator_only"):
        create_unit(
            "cay-xanh", DRAFT, actor=Actor(ActorKind.STAFF, None, role), city=the_city(), now=MONDAY
        )


def test_two_units_cannot_share_a_code() -> None:
    unit = make_unit()
    with pytest.raises(Invalid, match="invalid") as refused:
        create_unit(unit.code, DRAFT, now=MONDAY, **by())
    assert refused.value.fields == {"code": "code_taken"}
