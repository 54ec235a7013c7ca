"""What administrators decide: accounts, categories, promises, rules, and units dissolved."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import ActorKind, Clock, Role, VisibilityPolicy
from feedback.operations.change_account import (
    AccountDraft,
    change_account,
    set_active,
    set_one_time_password,
)
from feedback.operations.create_account import create_account as make_account
from feedback.operations.passwords import is_password
from feedback.operations.save_category import CategoryDraft, change_category, create_category
from feedback.operations.save_service_level import (
    LevelDraft,
    add_service_level_version,
    withdraw_service_level_version,
)
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import (
    Account,
    Category,
    ReferenceChange,
    Round,
    ServiceLevel,
    Unit,
)
from feedback.storage.queries import categories, reference_changes
from tests.factories import (
    LONG_AGO,
    MONDAY,
    actor_of,
    create_account,
    create_category_group,
    create_report,
    create_service_level,
    create_unit,
    create_working_week,
    the_city,
)
from tests.factories import create_category as made_category
from tests.factories import create_rule as made_rule

pytestmark = pytest.mark.usefixtures("app_context")
TODAY = date(2026, 3, 2)


def by() -> dict[str, Any]:
    actor = Actor(ActorKind.STAFF, None, Role.ADMINISTRATOR)
    return {"actor": actor, "city": the_city(), "now": MONDAY}


def latest(kind: ReferenceKind, key: object) -> ReferenceChange:
    with reading() as session:
        return reference_changes.of_object(session, kind, str(key))[0]


def row(model: type[Any], key: int) -> Any:
    with reading() as session:
        found = session.get_one(model, key)
        session.expunge_all()
        return found


# Accounts


def test_a_head_who_moves_to_another_unit_leads_the_old_one_no_more() -> None:
    old, new = create_unit(), create_unit("Điện lực")
    head = create_account(Role.HEAD, old)
    with transaction(the_city()) as session:
        session.get_one(Unit, old.id).head_account_id = head.id
    draft = AccountDraft(head.name, "an@example.com", Role.HEAD, new.id)
    change_account(head.id, draft, seen=0, **by())
    assert row(Account, head.id).email == "an@example.com"
    assert row(Unit, old.id).head_account_id is None
    assert latest(ReferenceKind.UNIT, old.id).after == {"head": None}
    assert latest(ReferenceKind.ACCOUNT, head.id).after["unit"] == new.name


def test_a_closed_account_loses_its_sessions_and_may_be_opened_again() -> None:
    handler = create_account(Role.HANDLER, create_unit())
    set_active(handler.id, False, seen=0, **by())
    closed = row(Account, handler.id)
    assert (closed.active, closed.session_key != handler.session_key) == (False, True)
    seen = latest(ReferenceKind.ACCOUNT, handler.id)
    assert seen.action is ChangeAction.DISABLED
    set_active(handler.id, True, seen=seen.id, **by())
    assert row(Account, handler.id).active


def test_the_last_administrator_cannot_be_taken_away() -> None:
    administrator = create_account(Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as refused:
        set_active(administrator.id, False, seen=None, **by())
    assert refused.value.fields == {"form": "last_administrator"}
    draft = AccountDraft("An", "", Role.SUPERVISOR, None)
    with pytest.raises(Invalid) as refused:
        change_account(administrator.id, draft, seen=None, **by())
    assert refused.value.fields == {"role": "last_administrator"}
    other = create_account(Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="not_yourself"):
        set_active(other.id, False, seen=None, **{**by(), "actor": actor_of(other)})
    set_active(administrator.id, False, seen=None, **by())


def test_a_one_time_password_is_given_once_and_never_written_down() -> None:
    handler = create_account(Role.HANDLER, create_unit())
    password = set_one_time_password(handler.id, **by())
    changed = row(Account, handler.id)
    assert is_password(password, changed.password_hash)
    assert changed.session_key != handler.session_key
    told = latest(ReferenceKind.ACCOUNT, handler.id)
    assert told.action is ChangeAction.NEW_PASSWORD
    assert (told.before, told.after) == ({}, {})


def test_accounts_made_at_the_command_line_are_written_down_too() -> None:
    account_id = make_account(
        "lan",
        "a long password",
        name="Lan",
        role=Role.DISPATCHER,
        unit_id=None,
        city=the_city(),
        now=MONDAY,
    )
    told = latest(ReferenceKind.ACCOUNT, account_id)
    assert (told.account_id, told.action) == (None, ChangeAction.CREATED)
    assert "password" not in str(told.after)


# Categories and service levels


def category_draft(**changes: Any) -> CategoryDraft:
    draft = CategoryDraft(
        name_vi="Cây đổ",
        name_en="Fallen trees",
        group_id=create_category_group().id,
        service_level_code=create_service_level().code,
        visibility_policy=VisibilityPolicy.AUTO,
        rounds_point=False,
        retention_days=365,
        keywords="Cây  gãy, đổ",
        position=3,
        valid_from=LONG_AGO,
        valid_to=None,
    )
    return replace(draft, **changes)


def test_a_category_is_set_up_with_words_that_can_be_searched() -> None:
    category_id = create_category("cay-do", category_draft(), **by())
    made = row(Category, category_id)
    assert (made.keywords, made.retention_days) == ("cay gay, do", 365)
    assert latest(ReferenceKind.CATEGORY, category_id).action is ChangeAction.CREATED
    with pytest.raises(Invalid) as refused:
        create_category("cay-do", category_draft(), **by())
    assert refused.value.fields == {"code": "code_taken"}


def test_a_category_needs_a_group_and_a_promise_that_exist() -> None:
    category = made_category()
    wrong = category_draft(group_id=10_000, service_level_code="none")
    with pytest.raises(Invalid) as refused:
        change_category(category.id, wrong, seen=0, **by())
    assert refused.value.fields == {
        "group_id": "unknown_group",
        "service_level_code": "unknown_level",
    }
    with pytest.raises(Invalid) as refused:
        change_category(category.id, category_draft(retention_days=0), seen=0, **by())
    assert refused.value.fields == {"retention_days": "number_out_of_range"}


LEVEL = LevelDraft(
    name_vi="Thường",
    name_en="Usual",
    clock=Clock.WORKING,
    accept_minutes=240,
    resolve_days=3,
    resolve_minutes=None,
    waiting_limit_minutes=0,
    approval_needed=True,
    evidence_needed=True,
    valid_from=TODAY,
)


def test_a_new_version_counts_for_new_rounds_and_leaves_the_others_alone() -> None:
    create_working_week()
    unit, level = create_unit(), create_service_level()
    category = made_category(level=level)
    made_rule(unit)
    before = create_report(category=category, now=MONDAY)
    add_service_level_version(level.code, LEVEL, new=False, seen=0, **by())
    after = create_report(category=category, now=MONDAY)
    with reading() as session:
        rounds = {r.report_id: r for r in session.query(Round)}
        assert rounds[before.report_id].service_level_id == level.id
        assert rounds[after.report_id].service_level.resolve_days == 3
    assert latest(ReferenceKind.SERVICE_LEVEL, level.code).after["resolve_days"] == 3


def test_a_past_promise_is_never_edited() -> None:
    level = create_service_level()
    yesterday = replace(LEVEL, valid_from=TODAY - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        add_service_level_version(level.code, yesterday, new=False, seen=0, **by())
    assert refused.value.fields == {"valid_from": "begins_in_the_past"}
    add_service_level_version(level.code, LEVEL, new=False, seen=0, **by())
    with pytest.raises(Invalid) as refused:
        add_service_level_version(level.code, LEVEL, new=False, seen=None, **by())
    assert refused.value.fields == {"valid_from": "before_latest_version"}
    with pytest.raises(Invalid) as refused:
        both = replace(LEVEL, resolve_minutes=5, valid_from=TODAY + timedelta(days=9))
        add_service_level_version(level.code, both, new=False, seen=None, **by())
    assert refused.value.fields == {"resolve_days": "days_or_minutes"}


def test_a_version_can_be_taken_back_until_it_begins() -> None:
    level = create_service_level()
    soon = replace(LEVEL, valid_from=TODAY + timedelta(days=5))
    add_service_level_version(level.code, soon, new=False, seen=0, **by())
    with reading() as session:
        first, second = (v.id for v in categories.level_versions(session, level.code))
    with pytest.raises(Conflict, match="version_has_begun"):
        withdraw_service_level_version(first, seen=None, **by())
    withdraw_service_level_version(second, seen=None, **by())
    with reading() as session:
        assert session.get(ServiceLevel, second) is None
    assert latest(ReferenceKind.SERVICE_LEVEL, level.code).action is ChangeAction.REMOVED
