"""Reports and cases, each brought to its state by the operations."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.states import ActorKind, Outcome, PhotoPurpose, Role
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.process_photo import process_photo
from feedback.operations.submit_report import Receipt, ReportDraft, submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.upload_photo import upload_photo
from feedback.storage.models import Account, Assignment, Category, Report, Unit
from tests.factories.accounts import actor_of, create_account
from tests.factories.base import MONDAY, the_city
from tests.factories.reference import create_category
from tests.support.photos import photo_bytes


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
