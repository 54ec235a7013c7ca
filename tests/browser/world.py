"""The city of the journeys: the demo city's facts, with people and a few reports of its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from feedback.demo.data_files import city_settings
from feedback.demo.reference import write_reference
from feedback.domain.actors import Actor
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import (
    ActorKind,
    Outcome,
    PhotoPurpose,
    RatingLevel,
    RejectionReason,
    Role,
)
from feedback.operations.answer_question import answer_question
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.reference import Reference
from feedback.operations.reject_report import reject_report
from feedback.operations.return_case import return_case
from feedback.operations.save_reply_template import TemplateDraft, create_reply_template
from feedback.operations.save_view import save_view
from feedback.operations.sign_target import sign_target
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, Area, Category, Counter, Message, Report, Unit
from tests.factories import (
    Case,
    actor_of,
    create_account,
    create_answered_case,
    create_case,
    create_closed_report,
    create_counter,
    create_counter_ratings,
    create_report,
    create_upload,
    the_city,
)
from tests.factories.targets import create_sheet, create_target

LOOK = city_settings()
"""The city's name, colours and map, as environment variables."""
CENTRE = {"latitude": 16.4637, "longitude": 107.5909}
RUBBISH, LAMP, ROADWORKS = "thu-gom-rac", "den-duong", "hoan-tra-mat-duong"


@dataclass(frozen=True)
class World:
    """What the journeys start from. `here` is the name of the ward the phone stands in."""

    here: str
    categories: dict[str, Category]
    rubbish_unit: Unit
    roads_unit: Unit
    handler: Account
    head: Account
    rubbish_handler: Account
    dispatcher: Account
    supervisor: Account
    administrator: Account
    newcomer: Account
    counter: Counter
    refused: Case
    sent: Case
    taken: Case
    overdue: Case
    answered: Case
    closed: Case
    planned: Case
    unrouted: Case
    asked: Case
    question_id: int
    replied: Case
    returned: Case
    text_id: int
    month_of_targets: str

    def link(self, case: Case) -> str:
        """The path of a case's secret link."""
        return f"/r/{case.code}/{case.token}"

    def question_link(self) -> str:
        """The path of the question that waits for an answer."""
        return f"{self.link(self.asked)}/questions/{self.question_id}"


def build() -> World:
    """Fill an empty database; call it inside an application context."""
    now = datetime.now(UTC)
    write_reference(the_city())
    categories = _categories()
    place: dict[str, Any] = {"place": tuple(CENTRE.values())}
    of_rubbish: dict[str, Any] = {"category": categories[RUBBISH], **place}
    of_roads: dict[str, Any] = {"category": categories[ROADWORKS], **place}
    collectors, builders = _unit_for(**of_rubbish), _unit_for(**of_roads)
    handler = create_account(Role.HANDLER, builders, name="Trần Thị Hạnh", login="hanh")
    collector = create_account(Role.HANDLER, collectors, name="Nguyễn Văn Sạch", login="sach")
    photo = create_upload(processed=True, now=now, colour="darkolivegreen")
    head = create_account(Role.HEAD, builders, name="Lê Văn Trưởng", login="truong")
    lone = create_report(now=now - timedelta(hours=2), text="Có một chuyện lạ ở gần chợ", **place)
    return World(
        **_talks(collectors, collector, now, of_rubbish),
        here=_ward(),
        categories=categories,
        rubbish_unit=collectors,
        roads_unit=builders,
        handler=handler,
        head=head,
        text_id=_text(head, now),
        month_of_targets=_targets(builders, head, now),
        rubbish_handler=collector,
        dispatcher=create_account(Role.DISPATCHER, name="Phạm Điều Phối", login="dieuphoi"),
        supervisor=create_account(Role.SUPERVISOR, name="Hoàng Giám Sát", login="giamsat"),
        administrator=create_account(Role.ADMINISTRATOR, name="Võ Quản Trị", login="quantri"),
        newcomer=_newcomer(collectors),
        counter=_counter(collectors),
        refused=_refused(now - timedelta(hours=1)),
        sent=create_case(
            collectors,
            now=now - timedelta(hours=5),
            text="Rác chất đống trước cổng trường, bốc mùi hôi mấy ngày nay",
            photo_ids=(photo,),
            **of_rubbish,
        ),
        taken=create_case(
            collectors,
            handler=collector,
            now=now - timedelta(days=1),
            text="Thùng rác vỡ, rác tràn ra đường",
            **of_rubbish,
        ),
        overdue=create_case(
            collectors,
            handler=collector,
            now=now - timedelta(days=20),
            text="Điểm tập kết rác tự phát sau chợ",
            **of_rubbish,
        ),
        answered=create_answered_case(
            builders,
            handler=handler,
            text="Đã hoàn trả mặt đường.",
            now=now - timedelta(days=4),
            **of_roads,
        ),
        closed=create_closed_report(
            collectors,
            handler=collector,
            now=now - timedelta(days=3),
            photo_ids=(create_upload(processed=True, now=now, colour="peru"),),
            **of_rubbish,
        ),
        planned=_planned(collectors, handler=collector, now=now - timedelta(days=6), **of_rubbish),
        unrouted=Case(lone.report_id, 0, lone.code, lone.token),
        returned=_returned(collector, now=now - timedelta(hours=7), **of_rubbish),
    )


def _newcomer(unit: Unit) -> Account:
    """Somebody who has just been given a password."""
    account = create_account(Role.HANDLER, unit, name="Lý Mới Vào", login="moivao")
    with transaction(the_city()) as session:
        session.get_one(Account, account.id).password_given = True
    return account


def _talks(unit: Unit, handler: Account, now: datetime, about: dict[str, Any]) -> dict[str, Any]:
    """A case that waits for the citizen, and one that was answered."""
    asked, replied = (
        create_case(unit, handler=handler, now=now - timedelta(days=2), text=text, **about)
        for text in ("Bãi rác tạm cạnh kênh", "Rác xây dựng đổ trộm ban đêm")
    )
    question_id = _ask(asked, handler, now)
    _reply(replied, _ask(replied, handler, now), now)
    return {"asked": asked, "question_id": question_id, "replied": replied}


def _ask(case: Case, handler: Account, now: datetime) -> int:
    ask_citizen(
        *(case.report_id, case.assignment_id),
        question="Bà con cho biết rác ở bờ nào của kênh ạ?",
        version=None,
        actor=actor_of(handler),
        city=the_city(),
        now=now - timedelta(days=1),
    )
    with reading() as session:
        return session.query(Message.id).filter_by(report_id=case.report_id).one()[0]


def _reply(case: Case, question_id: int, now: datetime) -> None:
    answer_question(
        *(case.report_id, question_id),
        text="Ở bờ phía nam, gần cây cầu sắt.",
        photo_ids=(create_upload(PhotoPurpose.REPLY, processed=True, now=now),),
        city=the_city(),
        now=now - timedelta(hours=3),
    )


def _text(head: Account, now: datetime) -> int:
    """A text the unit replies with, and a view of the queue."""
    how: dict[str, Any] = {"actor": actor_of(head), "city": the_city(), "now": now}
    save_view("Quá hạn của cả đội", "view=overdue", shared=True, **how)
    text = "Phản ánh {mã} tại {địa điểm}: {đơn vị} đã hoàn trả mặt đường ngày {ngày}."
    return create_reply_template(TemplateDraft("Đã hoàn trả mặt đường", text), **how)


def _targets(unit: Unit, head: Account, now: datetime) -> str:
    """The present month, for which the unit has undertaken one thing and is asked for another."""
    this_month = f"{now.astimezone(the_city().zone):%Y-%m}"
    signed = create_target(unit.id, period=this_month, now=now)
    create_sheet(unit.id, period=this_month, now=now)
    sign_target(signed, version=1, actor=actor_of(head), city=the_city(), now=now)
    satisfied = ShareMeasure.SATISFIED
    create_target(unit.id, measure=satisfied, period=this_month, value=8_250, now=now)
    create_sheet(unit.id, period=this_month, now=now)
    return this_month


def _planned(unit: Unit, **about: Any) -> Case:
    """A report whose answer promises a day."""
    text = "Sẽ lắp thêm thùng rác trong tháng tới."
    return create_closed_report(unit, outcome=Outcome.PLANNED, text=text, **about)


def _counter(unit: Unit) -> Counter:
    """A counter that has been rated a few times."""
    counter = create_counter(unit, "Quầy 3: Thu phí vệ sinh")
    levels = [RatingLevel.SATISFIED] * 9 + [RatingLevel.DISSATISFIED] * 2
    create_counter_ratings(counter, *levels, now=datetime.now(UTC))
    return counter


def _refused(now: datetime) -> Case:
    """A report the operations centre refused."""
    receipt = create_report(now=now, text="Hàng xóm hát karaoke trong nhà")
    reject_report(
        receipt.report_id,
        reason=RejectionReason.OUT_OF_SCOPE,
        text="Việc này do Công an phường giải quyết. Mời bạn liên hệ trực tiếp.",
        version=None,
        actor=Actor(ActorKind.STAFF, None, Role.DISPATCHER),
        city=the_city(),
        now=now,
    )
    return Case(receipt.report_id, 0, receipt.code, receipt.token)


def _returned(collector: Account, *, now: datetime, **about: Any) -> Case:
    """A case that its unit gave back and asks about, beside another one that has it too."""
    receipt = create_report(now=now, text="Rác trôi trên sông An Cựu", **about)
    with reading() as session:
        assignment_id = session.get_one(Report, receipt.report_id).assignments[0].id
    how: dict[str, Any] = {"version": None, "city": the_city(), "now": now + timedelta(hours=1)}
    return_case(
        receipt.report_id,
        assignment_id,
        reason="Mặt sông thuộc đơn vị quản lý đường thủy.",
        actor=actor_of(collector),
        **how,
    )
    return Case(receipt.report_id, assignment_id, receipt.code, receipt.token)


def _categories() -> dict[str, Category]:
    with reading() as session:
        found = {category.code: category for category in session.query(Category)}
        session.expunge_all()
        return found


def _unit_for(**about: Any) -> Unit:
    """The unit the rules send such a report to."""
    receipt = create_report(text="Báo thử", now=datetime.now(UTC) - timedelta(days=30), **about)
    with reading() as session:
        unit = session.get_one(Report, receipt.report_id).unit
        assert unit is not None
        session.expunge(unit)
        return unit


def _ward() -> str:
    """The name of the ward that holds the centre."""
    with reading() as session:
        place = (
            Reference(session, the_city()).areas(date(2026, 1, 1)).locate(**CENTRE, snap_metres=0)
        )
        assert place is not None
        return session.get_one(Area, place.area_id).full_name
