"""The operations centre's forms on a case's page, and the list they are reached from."""

import re
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.actors import CITIZEN
from feedback.domain.states import RejectionReason, ReportState, Role, Visibility, VisibilityPolicy
from feedback.operations.ask_again import ask_again
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.reject_report import reject_report
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.transaction import reading
from feedback.storage.models import Account, CaseRequest, Category, Report, Unit
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_area,
    create_case,
    create_category,
    create_report,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import post, sign_in, version_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = re.compile(r'<h2><a href="/staff/reports/([0-9A-Y]{3}-[0-9A-Y]{3})[^"]*"')
TAB = re.compile(r'href="/staff/triage\?view=(\w+)[^>]*>[^<]*<span class="count">([^<]+)<')
A_WHILE = timedelta(hours=1)


class Centre:
    """An operations centre and two units with their heads."""

    def __init__(self) -> None:
        create_working_week()
        create_area()
        self.unit: Unit = create_unit("Công ty Môi trường")
        self.other: Unit = create_unit("Điện lực")
        self.third: Unit = create_unit("Cấp nước")
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.category: Category = create_category("Tiếng ồn", name_en="Noise")
        self.dispatcher: Account = create_account(Role.DISPATCHER)

    def as_head(self) -> dict[str, Any]:
        """What an operation asks for when the unit's head acts."""
        how = {"version": None, "city": the_city(), "now": MONDAY + A_WHILE}
        return {"actor": actor_of(self.head), **how}

    def case(self, **more: Any) -> Case:
        """A report at the first unit."""
        return create_case(self.unit, category=self.category, **more)

    def returned(self) -> Case:
        """A report its unit gave back."""
        case = self.case()
        reason = "Không thuộc thẩm quyền"
        return_case(case.report_id, case.assignment_id, reason=reason, **self.as_head())
        return case

    def asked_again(self) -> str:
        """The code of a refused report whose reporter asked for a second look."""
        receipt = create_report()
        how = {"actor": actor_of(self.dispatcher), "city": the_city(), "now": MONDAY}
        reject_report(
            receipt.report_id,
            reason=RejectionReason.OUT_OF_SCOPE,
            text="Mời gửi Công an.",
            version=None,
            **how,
        )
        how |= {"actor": CITIZEN}
        ask_again(receipt.report_id, reason="Xin xem lại giúp", **how)
        return receipt.code


@pytest.fixture
def centre(app: Flask) -> Centre:
    with app.app_context():
        return Centre()


@pytest.fixture
def desk(app: Flask, centre: Centre) -> FlaskClient:
    return sign_in(app, centre.dispatcher)


def page(desk: FlaskClient, code: str) -> str:
    return desk.get(f"/staff/reports/{code}").text


def send(desk: FlaskClient, code: str, step: str, **fields: Any) -> tuple[int, str]:
    """Send one of the forms of a case's page as it was just seen."""
    version = version_on(page(desk, code))
    answer = post(desk, f"/staff/reports/{code}/{step}", {"version": version, **fields})
    return answer.status_code, answer.text


def report(app: Flask, code: str) -> Report:
    with app.app_context(), reading() as session:
        found = session.query(Report).filter_by(code=code).one()
        assert found.assignments is not None and found.rounds is not None
        session.expunge_all()
        return found


def live_units(found: Report) -> list[int]:
    return [a.unit_id for a in found.assignments if a.ended_at is None]


# The list


def test_each_view_holds_what_waits_for_its_decision(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        new = create_report(now=MONDAY - A_WHILE).code
        returned = centre.returned().code
        asking = centre.case(now=MONDAY)
        propose_transfer(
            asking.report_id, asking.assignment_id, unit_id=centre.other.id,
            reason="Cột điện của Điện lực", **centre.as_head(),
        )  # fmt: skip
        reviewed = create_category("Tệ nạn", visibility_policy=VisibilityPolicy.REVIEW)
        unseen = create_case(centre.unit, category=reviewed).code
        again = centre.asked_again()
        centre.case()
    expected = {
        "new": [new],
        "returned": [returned],
        "requests": [asking.code],
        "publishing": [unseen],
        "again": [again],
    }
    for view, codes in expected.items():
        assert CODE.findall(desk.get(f"/staff/triage?view={view}").text) == codes, view
    everything = desk.get("/staff/triage").text
    assert sorted(CODE.findall(everything)) == sorted(chain(*expected.values()))
    assert dict(TAB.findall(everything)) == {"all": "5", **dict.fromkeys(expected, "1")}
    for words in (
        "returned the report: Không thuộc thẩm quyền",
        "proposes another unit: Cột điện của Điện lực",
        "asks for a second look: Xin xem lại giúp",
        "The public does not see it until somebody has looked at it",
    ):
        assert words in everything, words


def test_the_list_is_narrowed_without_accents_and_keeps_its_filters(
    app: Flask, centre: Centre, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.web.staff.triage.PAGE_SIZE", 1)
    with app.app_context():
        lamps = [create_report(text=f"Đèn đường hỏng {n}", place=INSIDE).code for n in range(2)]
        create_report(text="Rác ở chợ")
    first = desk.get("/staff/triage?q=den+duong+phu+xuan").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = desk.get(following[1].replace("&amp;", "&")).text
    assert CODE.findall(first) + CODE.findall(second) == lamps
    assert CODE.findall(desk.get(f"/staff/triage?q={lamps[1].lower()}").text) == lamps[1:]
    assert "No report matches" in desk.get("/staff/triage?q=khong+co").text
    assert desk.get("/staff/triage?view=nonsense&category=x&after=y").status_code == 200


def test_every_empty_view_says_what_would_stand_there(centre: Centre, desk: FlaskClient) -> None:
    said = set()
    for view in ("new", "returned", "requests", "publishing", "again"):
        found = re.search(
            r'class="empty">.*?<h2>([^<]+)</h2>',
            desk.get(f"/staff/triage?view={view}").text,
            re.DOTALL,
        )
        assert found, view
        said.add(found[1])
    assert len(said) == 5


# The forms


def test_a_report_goes_to_several_units_from_one_form(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        code = create_report().code
    fields = {"category_id": centre.category.id, "unit_id": centre.unit.id}
    others = [str(centre.other.id), "", str(centre.third.id)]
    status, text = send(desk, code, "dispatch", **fields, other_unit_ids=[*others, "999999"])
    assert status == 422
    assert 'href="#other_unit_ids"' in text
    assert text.count(f'<option value="{centre.other.id}" selected') == 1
    assert send(desk, code, "dispatch", **fields, other_unit_ids=others)[0] == 303
    assert live_units(report(app, code)) == [centre.unit.id, centre.other.id, centre.third.id]


def test_units_are_added_named_lead_exchanged_and_taken_away(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        code = centre.case().code
    assert send(desk, code, "units", unit_id=centre.other.id)[0] == 303
    status, text = send(desk, code, "units", unit_id=centre.other.id)
    assert status == 409
    assert "already working at the report" in text
    first, second = (a.id for a in report(app, code).assignments)
    assert send(desk, code, "lead", assignment_id=second)[0] == 303
    assert report(app, code).unit_id == centre.other.id
    status, text = send(desk, code, "transfer", assignment_id=first, unit_id=centre.third.id)
    assert status == 422
    assert 'href="#reason"' in text
    assert text.count('id="reason"') == 1
    fields = {"assignment_id": first, "unit_id": centre.third.id, "reason": "Đúng thẩm quyền"}
    assert send(desk, code, "transfer", **fields)[0] == 303
    assert send(desk, code, "take-away", assignment_id=second, reason="Nhầm")[0] == 303
    assert live_units(report(app, code)) == [centre.third.id]
    assert send(desk, code, "take-away", assignment_id=10**30, reason="Nhầm")[0] == 404


def test_a_return_is_decided_beside_its_reason(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        case = centre.returned()
    shown = page(desk, case.code)
    assert "Không thuộc thẩm quyền" in shown
    assert "/return-accepted" not in shown
    fields = {"assignment_id": case.assignment_id}
    assert send(desk, case.code, "return-back", **fields)[0] == 422
    assert send(desk, case.code, "return-back", **fields, reason="Đúng việc")[0] == 303
    assert live_units(report(app, case.code)) == [centre.unit.id]

    assert send(desk, case.code, "units", unit_id=centre.other.id)[0] == 303
    with app.app_context():
        latest = report(app, case.code).assignments[1].id
        return_case(case.report_id, latest, reason="Vẫn không", **centre.as_head())
    assert "/return-accepted" in page(desk, case.code)
    assert send(desk, case.code, "return-accepted", assignment_id=latest)[0] == 303
    assert live_units(report(app, case.code)) == [centre.other.id]


def test_a_proposed_transfer_is_agreed_to_or_not(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        case = centre.case()
        ids = (case.report_id, case.assignment_id)
        propose_transfer(*ids, unit_id=None, reason="Không rõ của ai", **centre.as_head())
        request_id = request_of(case)
    fields = {"request_id": request_id}
    status, text = send(desk, case.code, "transfer-decision", **fields, decision="refuse")
    assert (status, 'href="#reason"' in text) == (422, True)
    fields |= {"reason": "Đã hỏi Điện lực"}
    status, text = send(desk, case.code, "transfer-decision", **fields, decision="accept")
    assert (status, 'href="#unit_id"' in text) == (422, True)
    fields |= {"unit_id": centre.other.id}
    assert send(desk, case.code, "transfer-decision", **fields, decision="accept")[0] == 303
    assert live_units(report(app, case.code)) == [centre.other.id]
    assert send(desk, case.code, "transfer-decision", **fields, decision="accept")[0] == 409
    assert send(desk, case.code, "transfer-decision", request_id=10**30)[0] == 404


def test_a_wish_for_more_time_moves_the_deadline_or_not(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        case = centre.case(now=MONDAY)
        ids = (case.report_id, case.assignment_id)
        wanted = (MONDAY + timedelta(days=14)).date()
        request_extension(*ids, wanted_on=wanted, reason="Chờ vật tư", **centre.as_head())
        request_id = request_of(case)
    before = report(app, case.code)
    assert "Chờ vật tư" in page(desk, case.code)
    decision = {"request_id": request_id, "decision": "accept"}
    assert send(desk, case.code, "extension-decision", **decision)[0] == 303
    after = report(app, case.code)
    assert after.due is not None and after.due.date() == wanted
    assert (before.rounds[0].original_due, before.due) != (None, after.due)
    assert after.rounds[0].original_due == before.rounds[0].original_due
    assert "More time was agreed to" in page(desk, case.code)


def test_a_duplicate_is_chosen_from_what_lies_near(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    near = (INSIDE[0] + 0.001, INSIDE[1])  # some 111 m to the north
    with app.app_context():
        first = create_case(
            centre.unit, category=centre.category, text="Loa kẹo kéo cả đêm", place=near
        )
        far = (INSIDE[0] + 0.01, INSIDE[1])
        create_case(centre.unit, category=centre.category, text="Ở xa", place=far)
        other = create_category("Rác thải")
        create_case(centre.unit, category=other, text="Việc khác", place=near)
        again = create_report(category=centre.category, place=INSIDE).code
    shown = page(desk, again)
    assert f'name="near_code" value="{first.code}"' in shown
    assert "111 m away" in shown
    assert shown.count('name="near_code"') == 1
    assert send(desk, again, "duplicate")[0] == 422
    assert send(desk, again, "duplicate", near_code=first.code)[0] == 303
    merged = report(app, again)
    assert (merged.state, merged.root_id) == (ReportState.DUPLICATE, first.report_id)
    assert first.code in page(desk, again)
    assert f"/staff/reports/{again}" in page(desk, first.code)
    assert send(desk, again, "duplicate-undone")[0] == 303
    assert report(app, again).state is ReportState.RECEIVED


def test_the_public_page_of_a_duplicate_names_only_a_published_root(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    with app.app_context():
        root, again = centre.case(), centre.case()
    assert send(desk, again.code, "duplicate", root_code=root.code.lower())[0] == 303
    public = sign_in(app, centre.head)
    link = f'href="/reports/{root.code}"'
    assert link in public.get(f"/reports/{again.code}").text
    assert link in public.get(f"/r/{again.code}/{again.token}").text
    hide = {"visibility": "private", "reason": "Lộ số điện thoại"}
    assert send(desk, root.code, "visibility", **hide)[0] == 303
    for address in (f"/reports/{again.code}", f"/r/{again.code}/{again.token}"):
        told = public.get(address)
        assert told.status_code == 200
        assert root.code not in told.text


def test_a_second_look_is_granted_or_refused(app: Flask, centre: Centre, desk: FlaskClient) -> None:
    with app.app_context():
        first, second = centre.asked_again(), centre.asked_again()
    assert "Xin xem lại giúp" in page(desk, first)
    assert send(desk, first, "uphold")[0] == 422
    assert send(desk, first, "uphold", text="Vẫn là đơn khiếu nại.")[0] == 303
    assert "/uphold" not in page(desk, first)
    assert send(desk, second, "lift", reason="Đã đủ thông tin")[0] == 303
    assert report(app, second).state is ReportState.RECEIVED


def test_what_the_public_sees_is_decided(app: Flask, centre: Centre, desk: FlaskClient) -> None:
    with app.app_context():
        code = centre.case().code
    assert send(desk, code, "visibility")[0] == 422
    hide = {"visibility": "private", "reason": "Lộ mặt trẻ em"}
    assert send(desk, code, "visibility", **hide)[0] == 303
    assert report(app, code).visibility is Visibility.PRIVATE
    assert "Lộ mặt trẻ em" in page(desk, code)
    assert desk.get(f"/reports/{code}").status_code == 404
    assert send(desk, code, "visibility", visibility="public")[0] == 303
    assert desk.get(f"/reports/{code}").status_code == 200


def request_of(case: Case) -> int:
    """The id of what was asked for last about a case."""
    with reading() as session:
        query = session.query(CaseRequest.id).filter_by(report_id=case.report_id)
        found: int = query.order_by(CaseRequest.id.desc()).limit(1).scalar()
        return found
