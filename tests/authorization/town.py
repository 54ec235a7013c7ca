"""The town of the matrix: two units with a case each, and a person of every kind."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.actors import Actor
from feedback.domain.events import Event
from feedback.domain.states import PhotoPurpose, Role
from feedback.operations.add_note import Note, add_note
from feedback.operations.documents import keep_document
from feedback.operations.outbox import promise
from feedback.operations.register_kiosk import invite_kiosk
from feedback.operations.request_extension import request_extension
from feedback.operations.save_reply_template import TemplateDraft, create_reply_template
from feedback.operations.save_view import save_view
from feedback.operations.transaction import reading, transaction
from feedback.storage.files.keys import PHOTOS
from feedback.storage.models import (
    Account,
    CalendarDay,
    CaseRequest,
    Category,
    Counter,
    Document,
    OutboxRow,
    OutboxState,
    Photo,
    Report,
    RoutingRule,
    ServiceLevel,
    StaffSession,
    Survey,
    SurveyItem,
    Unit,
)
from tests.authorization.policies import Who
from tests.factories import (
    LONG_AGO,
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_answered_case,
    create_category,
    create_counter,
    create_instrument,
    create_responses,
    create_survey,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)
from tests.factories.letters import create_letter_template, create_signed_letter
from tests.factories.period_reports import create_correction, create_period_report
from tests.factories.report_imports import create_import
from tests.factories.targets import create_sheet, create_target
from tests.support.staff import new_client, sign_in

ROLES = {
    Who.HANDLER: Role.HANDLER,
    Who.FOREIGN_HANDLER: Role.HANDLER,
    Who.HEAD: Role.HEAD,
    Who.FOREIGN_HEAD: Role.HEAD,
    Who.DISPATCHER: Role.DISPATCHER,
    Who.SUPERVISOR: Role.SUPERVISOR,
    Who.ADMINISTRATOR: Role.ADMINISTRATOR,
    Who.DISABLED: Role.ADMINISTRATOR,
}
MISSING_CODE = "222-222"
MISSING_TOKEN = "A" * 32


@dataclass(frozen=True)
class Side:
    """What belongs to one unit and its citizen."""

    case: Case
    unit_id: int
    head: Account
    handler: Account
    document_id: int
    template_id: int
    request_id: int
    letter_id: int
    target_id: int
    sheet_id: int


class Town:
    """Everything an address of the product can name, twice: the own and the foreign."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            create_working_week()
            category = create_category(approval_needed=True)
            self.letter_template_id = create_letter_template().id
            self.own = _side("Công ty Môi trường", category)
            self.foreign = _side("Điện lực", category)
            self.accounts = {
                Who.HANDLER: self.own.handler,
                Who.HEAD: self.own.head,
                Who.FOREIGN_HANDLER: self.foreign.handler,
                Who.FOREIGN_HEAD: self.foreign.head,
                **{
                    who: create_account(role)
                    for who, role in ROLES.items()
                    if role not in {Role.HANDLER, Role.HEAD}
                },
            }
            self.picture = _picture()
            self.period_report_id = _period_report()
            self.import_id = create_import(category.service_level_code)
            self.counter = _counter(self.own.unit_id)
            self.kiosk_id = _kiosk(self.counter)
            self.dead_row = _dead_row()
            self.survey = _survey(self.own.unit_id)
            self.reference = _reference(category, self.own.unit_id)
            bystander = create_account(Role.ADMINISTRATOR)
            self.others_view = _view(create_account(Role.DISPATCHER))
        sign_in(app, bystander)
        with app.app_context():
            self.others_session = _session_of(bystander)

    def client(self, who: Who) -> FlaskClient:
        """A browser of this person. The disabled account was signed in when it was shut."""
        if who not in self.accounts:
            return new_client(self.app)
        client = sign_in(self.app, self.accounts[who])
        if who is Who.DISABLED:
            with self.app.app_context(), transaction(the_city()) as session:
                session.get_one(Account, self.accounts[who].id).active = False
        return client

    def arguments(self, which: str, who: Who) -> dict[str, Any]:
        """Values for the parts of an address: of the "own", the "foreign" or a "missing" object.

        A secret link's token is the one that this person holds, if any.
        """
        side = {"own": self.own, "foreign": self.foreign}.get(which)
        return {
            "code": side.case.code if side else MISSING_CODE,
            "token": {
                Who.REPORTER: self.own.case.token,
                Who.OTHER_REPORTER: self.foreign.case.token,
            }.get(who, MISSING_TOKEN),
            "name": self.picture,
            "row_id": self.dead_row,
            "subscription": "process_photo",
            "session_id": self.others_session,
            "counter_code": self.counter.code if side else MISSING_CODE,
            "counter_id": self.counter.id,
            "kiosk_id": self.kiosk_id,
            "invitation": MISSING_TOKEN,
            "letter_id": side.letter_id if side else 99_999,
            "letter_token": MISSING_TOKEN,
            "report_id": self.period_report_id if side else 99_999,
            "import_id": self.import_id if side else 99_999,
            "language": "vi",
            "file_form": "pdf",
            "target_id": side.target_id if side else 99_999,
            "sheet_id": side.sheet_id if side else 99_999,
            "rating_token": MISSING_TOKEN,
            "unit_id": self.own.unit_id,
            "document_id": (side or self.own).document_id,
            "request_id": (side or self.own).request_id,
            "question_id": 1,
            "topic": "timeliness",
            "table_form": "csv",
            "form": "json",
            "view_id": self.others_view,
            "template_id": side.template_id if side else 99_999,
            "letter_template_id": self.letter_template_id,
            "account_id": self.own.handler.id,
            **self.reference,
            **self.survey,
            **({} if side else {"survey_code": MISSING_CODE}),
            "version": "x",
            "filename": "img/mark.svg",
        }

    def version(self, which: str) -> int:
        """The version of the own or foreign report, as its page would carry it."""
        side = self.foreign if which == "foreign" else self.own
        with self.app.app_context(), reading() as session:
            return session.get_one(Report, side.case.report_id).version


def _side(name: str, category: Any) -> Side:
    unit = create_unit(name)
    handler, head = create_account(Role.HANDLER, unit), create_account(Role.HEAD, unit)
    case = create_answered_case(unit, category=category, handler=handler)
    return Side(
        case=case,
        unit_id=unit.id,
        head=head,
        handler=handler,
        document_id=_document(case, actor_of(handler)),
        template_id=_template(actor_of(head)),
        request_id=_request(case, actor_of(head)),
        target_id=create_target(unit.id),
        sheet_id=create_sheet(unit.id),
        letter_id=create_signed_letter(
            case.report_id, head, now=MONDAY + timedelta(days=14), new_date=date(2026, 3, 20)
        ).id,
    )


def _template(actor: Actor) -> int:
    """A text the unit replies with."""
    draft = TemplateDraft(name="Đã nhận", text="Phản ánh {mã} đang được xử lý.")
    return create_reply_template(draft, actor=actor, city=the_city(), now=MONDAY)


def _view(account: Account) -> int:
    """A view of the queue that somebody keeps to themselves."""
    how: dict[str, Any] = {"actor": actor_of(account), "city": the_city(), "now": MONDAY}
    return save_view("Quá hạn", "view=overdue", shared=False, **how)


def _document(case: Case, actor: Actor) -> int:
    """A document that came with a note."""
    how: dict[str, Any] = {"actor": actor, "city": the_city(), "now": MONDAY}
    key = keep_document(io.BytesIO(b"%PDF-1.4"), 8, "a.pdf", **how)
    note = Note(text="Kèm tài liệu", document_ids=(key,))
    add_note(case.report_id, case.assignment_id, note, **how)
    with reading() as session:
        return session.query(Document.id).filter_by(upload_id=key).one()[0]


def _request(case: Case, actor: Actor) -> int:
    """What the head has asked for."""
    request_extension(
        *(case.report_id, case.assignment_id),
        wanted_on=date(2026, 3, 13),
        reason="Chờ vật tư",
        version=None,
        actor=actor,
        city=the_city(),
        now=MONDAY,
    )
    with reading() as session:
        return session.query(CaseRequest.id).filter_by(report_id=case.report_id).one()[0]


def _period_report() -> int:
    following = (MONDAY.replace(day=1) + timedelta(days=40)).replace(day=1)
    first = create_period_report(f"{MONDAY:%Y-%m}", following)
    return create_correction(first, following + timedelta(days=1), reason="Sai đơn vị")


def _counter(unit_id: int) -> Counter:
    with reading() as session:
        unit = session.get_one(Unit, unit_id)
        session.expunge(unit)
    return create_counter(unit)


def _kiosk(counter: Counter) -> int:
    actor = actor_of(create_account(Role.ADMINISTRATOR))
    return invite_kiosk(counter.id, "Máy 1", actor=actor, city=the_city(), now=MONDAY)[0]


def _survey(unit_id: int) -> dict[str, Any]:
    """What the addresses of surveys name."""
    asked = create_instrument()
    survey_id = create_survey(asked, unit_ids=[unit_id])
    create_responses(survey_id, *[{asked.items["waiting"]: "4", asked.items["more"]: "Tốt"}] * 6)
    with reading() as session:
        return {
            "instrument_id": asked.instrument_id,
            "survey_id": survey_id,
            "survey_code": session.get_one(Survey, survey_id).code,
            "item_id": asked.items["more"],
            "choice_item_id": asked.items["age"],
            "section_id": session.get_one(SurveyItem, asked.items["more"]).section_id,
        }


def _reference(category: Category, unit_id: int) -> dict[str, Any]:
    """What an administrator's addresses name, besides units and accounts."""
    day = date(2026, 3, 8)  # a Sunday: no deadline depends on it
    with transaction(the_city()) as session:
        level = session.query(ServiceLevel).filter_by(code=category.service_level_code).one()
        rule = RoutingRule(
            category_id=category.id, unit_id=unit_id, valid_from=LONG_AGO, valid_to=LONG_AGO
        )
        closed = CalendarDay(day=day, kind="closure", blocks=[], name="Bão", source="Công điện")
        session.add_all([rule, closed])
        session.flush()
        return {
            "category_id": category.id,
            "group_id": category.group_id,
            "level_code": level.code,
            "level_id": level.id,
            "rule_id": rule.id,
            "day": day.isoformat(),
        }


def _picture() -> str:
    upload_id = create_upload(PhotoPurpose.REPORT, processed=True)
    with reading() as session:
        key: str = session.query(Photo).filter_by(upload_id=upload_id).one().small_key
        return key.removeprefix(PHOTOS)


def _dead_row() -> int:
    with transaction(the_city()) as session:
        promise(session, Event.UPLOADS_LEFT_BEHIND, MONDAY)
        row = session.query(OutboxRow).order_by(OutboxRow.id.desc()).first()
        assert row is not None
        row.state = OutboxState.DEAD
        return row.id


def _session_of(account: Account) -> int:
    with reading() as session:
        return session.query(StaffSession.id).filter_by(account_id=account.id).one()[0]
