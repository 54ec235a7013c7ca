"""Makes what tests start from, with a default for everything a test does not care about.

Call them inside an application context, which names the city. What happens to a report goes through
the operations. A model comes loaded and detached, so that its columns can be read anywhere.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from flask import current_app
from shapely import to_geojson
from shapely.geometry import box

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.states import (
    ActorKind,
    Clock,
    Outcome,
    PhotoPurpose,
    Role,
    UnitKind,
    VisibilityPolicy,
)
from feedback.domain.text import fold
from feedback.extensions import Model
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.passwords import hash_password
from feedback.operations.process_photo import process_photo
from feedback.operations.submit_report import Receipt, ReportDraft, submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading, transaction
from feedback.operations.upload_photo import upload_photo
from feedback.storage.models import (
    Account,
    Area,
    Assignment,
    CalendarBlock,
    Category,
    CategoryGroup,
    Report,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from tests.support.photos import photo_bytes

PASSWORD = "right horse staple"
LONG_AGO = date(2020, 1, 1)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in the city, a working day
INSIDE = (16.47, 107.58)  # a point in the default area

Row = TypeVar("Row", bound=Model)
_numbers = count(1)


def the_city() -> City:
    """The surroundings operations ask for."""
    city: City = current_app.extensions["city"]
    return city


def create_working_week() -> None:
    """Monday to Friday, 07:30–11:30 and 13:00–17:00, without holidays."""
    with transaction(the_city()) as session:
        for weekday in range(5):
            for start, end in ((450, 690), (780, 1020)):
                session.add(CalendarBlock(weekday=weekday, start_minute=start, end_minute=end))


def create_area(
    name: str = "Phú Xuân",
    *,
    corners: tuple[float, float, float, float] = (107.5, 16.4, 107.6, 16.5),
) -> Area:
    """A ward as a rectangle: west, south, east, north in degrees."""
    area = Area(
        official_code=f"{next(_numbers):05d}",
        name=name,
        full_name=f"Phường {name}",
        name_en=f"{fold(name).title()} Ward",
        folded_name=fold(name),
        kind="ward",
        valid_from=LONG_AGO,
        geometry=to_geojson(box(*corners)),
        approximate=True,
        source="drawn for a test",
    )
    return _saved(area)


def create_unit(
    name: str = "Công ty Môi trường đô thị",
    *,
    short_name: str = "HEPCO",
    kind: UnitKind = UnitKind.UTILITY,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
    successor: Unit | None = None,
) -> Unit:
    """A unit that handles reports."""
    return _saved(
        Unit(
            code=f"unit-{next(_numbers)}",
            name=name,
            short_name=short_name,
            name_en=f"{name} (en)",
            kind=kind,
            valid_from=valid_from,
            valid_to=valid_to,
            successor_id=successor.id if successor else None,
        )
    )


def create_service_level(
    *,
    clock: Clock = Clock.WORKING,
    resolve_days: int | None = 7,
    resolve_minutes: int | None = None,
    approval_needed: bool = False,
    evidence_needed: bool = True,
    waiting_limit_minutes: int = 5 * 480,
) -> ServiceLevel:
    """A promise; by default 7 working days, with evidence, without approval."""
    number = next(_numbers)
    return _saved(
        ServiceLevel(
            code=f"level-{number}",
            valid_from=LONG_AGO,
            name_vi=f"Mức {number}",
            name_en=f"Level {number}",
            clock=clock,
            accept_minutes=240,
            resolve_days=resolve_days,
            resolve_minutes=resolve_minutes,
            waiting_limit_minutes=waiting_limit_minutes,
            approval_needed=approval_needed,
            evidence_needed=evidence_needed,
        )
    )


def create_category_group(name: str = "Môi trường", *, name_en: str = "") -> CategoryGroup:
    """A heading of categories."""
    number = next(_numbers)
    name_en = name_en or f"{name} (en)"
    return _saved(
        CategoryGroup(code=f"group-{number}", name_vi=name, name_en=name_en, position=number)
    )


def create_category(
    name: str = "Rác thải",
    *,
    name_en: str = "Rubbish",
    group: CategoryGroup | None = None,
    level: ServiceLevel | None = None,
    visibility_policy: VisibilityPolicy = VisibilityPolicy.AUTO,
    rounds_point: bool = False,
    keywords: str = "",
    **of_level: Any,
) -> Category:
    """A category; `of_level` goes to `create_service_level` when no `level` is given."""
    number = next(_numbers)
    return _saved(
        Category(
            group_id=(group or create_category_group()).id,
            code=f"category-{number}",
            name_vi=name,
            name_en=name_en,
            keywords=keywords or fold(name),
            visibility_policy=visibility_policy,
            rounds_point=rounds_point,
            service_level_code=(level or create_service_level(**of_level)).code,
            position=number,
            valid_from=LONG_AGO,
        )
    )


def create_rule(
    unit: Unit,
    *,
    category: Category | None = None,
    group: CategoryGroup | None = None,
    area: Area | None = None,
) -> RoutingRule:
    """A rule that sends reports to a unit; without conditions it sends all of them."""
    return _saved(
        RoutingRule(
            category_id=category.id if category else None,
            category_group_id=group.id if group else None,
            area_id=area.id if area else None,
            unit_id=unit.id,
            valid_from=LONG_AGO,
        )
    )


def create_account(
    role: Role = Role.HANDLER, unit: Unit | None = None, *, name: str = "", login: str = ""
) -> Account:
    """An active account whose password is `PASSWORD` (hashed once for all of them)."""
    number = next(_numbers)
    return _saved(
        Account(
            login=login or f"{role.value}{number}",
            name=name or f"Trần An {number}",
            password_hash=_password_hash(),
            role=role,
            unit_id=unit.id if unit else None,
            active=True,
            session_key=new_session_key(),
            created_at=MONDAY - timedelta(days=30),
        )
    )


def actor_of(account: Account) -> Actor:
    """The actor that operations take for an account."""
    return Actor(ActorKind.STAFF, account.id, account.role, account.unit_id)


def create_upload(
    purpose: PhotoPurpose = PhotoPurpose.REPORT,
    *,
    colour: str = "steelblue",
    processed: bool = False,
    now: datetime = MONDAY,
) -> str:
    """An uploaded photo's id; with `processed` its two sizes are made at once."""
    content = photo_bytes(colour)
    photo = upload_photo(
        io.BytesIO(content), len(content), purpose=purpose, city=the_city(), now=now
    )
    with reading() as session:
        session.add(photo)
        photo_id, upload_id = photo.id, photo.upload_id
    if processed:
        process_photo(photo_id, city=the_city(), now=now)
    return upload_id


def create_report(
    *,
    category: Category | None = None,
    text: str = "Rác tồn ba ngày ở chợ",
    place: tuple[float, float] | None = None,
    now: datetime = MONDAY,
    actor: Actor = CITIZEN,
    **more: Any,
) -> Receipt:
    """A report sent by a citizen, routed when a rule applies; `more` goes to the draft."""
    if place:
        more |= {"latitude": place[0], "longitude": place[1]}
    elif not more.get("area_id"):
        more.setdefault("address_text", "12 Lê Lợi")
    draft = ReportDraft(
        submission_id=uuid4(), category_id=category.id if category else None, text=text, **more
    )
    return submit_report(draft, city=the_city(), now=now, actor=actor)


@dataclass(frozen=True)
class Case:
    """A report at a unit, with the handler who took it, if one did."""

    report_id: int
    assignment_id: int
    code: str
    token: str
    handler: Account | None = None


def create_case(
    unit: Unit,
    *,
    category: Category | None = None,
    handler: Account | None = None,
    now: datetime = MONDAY,
    **more: Any,
) -> Case:
    """A report dispatched to a unit, by hand when no rule did it; taken when a handler is named."""
    category = category or create_category()
    receipt = create_report(category=category, now=now, **more)
    if _assignment_id(receipt.report_id, unit) is None:
        dispatch_report(
            receipt.report_id,
            unit_id=unit.id,
            category_id=category.id,
            version=None,
            actor=Actor(ActorKind.STAFF, None, Role.DISPATCHER),
            city=the_city(),
            now=now,
        )
    assignment_id = _assignment_id(receipt.report_id, unit)
    assert assignment_id is not None
    if handler:
        take_case(
            receipt.report_id,
            assignment_id,
            version=None,
            actor=actor_of(handler),
            city=the_city(),
            now=now,
        )
    return Case(receipt.report_id, assignment_id, receipt.code, receipt.token, handler)


def create_answered_case(
    unit: Unit,
    *,
    outcome: Outcome = Outcome.FIXED,
    text: str = "Đã thu gom xong.",
    now: datetime = MONDAY,
    answered_at: datetime | None = None,
    handler: Account | None = None,
    **more: Any,
) -> Case:
    """A case answered an hour after it came (or at `answered_at`), with evidence when fixed.

    Where the category's level needs no approval its report is thereby closed.
    """
    handler = handler or create_account(Role.HANDLER, unit)
    case = create_case(unit, handler=handler, now=now, **more)
    at = answered_at or now + timedelta(hours=1)
    fixed, planned = outcome is Outcome.FIXED, outcome is Outcome.PLANNED
    answer = Answer(
        outcome=outcome,
        text=text,
        photo_ids=(create_upload(PhotoPurpose.EVIDENCE, now=at),) if fixed else (),
        promised_on=(at + timedelta(days=30)).date() if planned else None,
        text_checked=True,
    )
    answer_case(
        case.report_id,
        case.assignment_id,
        answer,
        version=None,
        actor=actor_of(handler),
        city=the_city(),
        now=at,
    )
    return case


def create_closed_report(unit: Unit, *, head: Account | None = None, **more: Any) -> Case:
    """An answered case, approved by the unit's head where its level needs that."""
    case = create_answered_case(unit, **more)
    with reading() as session:
        is_open = session.get_one(Report, case.report_id).closed_at is None
    if is_open:
        head = head or create_account(Role.HEAD, unit)
        approve_answer(
            case.report_id,
            case.assignment_id,
            version=None,
            actor=actor_of(head),
            city=the_city(),
            now=more.get("now", MONDAY) + timedelta(hours=2),
        )
    return case


def _assignment_id(report_id: int, unit: Unit) -> int | None:
    with reading() as session:
        return (
            session.query(Assignment.id)
            .filter_by(report_id=report_id, unit_id=unit.id)
            .order_by(Assignment.id.desc())
            .limit(1)
            .scalar()
        )


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def _saved(row: Row) -> Row:
    with transaction(the_city()) as session:
        session.add(row)
        session.flush()
        session.refresh(row)
        session.expunge(row)
    return row
