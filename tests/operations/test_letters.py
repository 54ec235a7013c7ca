"""Letters of apology from the draft to the paper, and the register beside a slow count."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from feedback.domain.actors import SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.events import DRAFT_LETTERS, PRINT_LETTER
from feedback.domain.histories import HistoryKind
from feedback.domain.letters import (
    DiscardReason,
    LetterState,
    fingerprint,
)
from feedback.domain.states import Role
from feedback.operations.anonymise import REQUEST, anonymise
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.draft_letters import draft_letters
from feedback.operations.edit_letter import LetterDraft, edit_letter
from feedback.operations.lifecycle import Life
from feedback.operations.print_letter import print_letter
from feedback.operations.save_letter_template import (
    LetterTemplateDraft,
    add_letter_template,
    withdraw_letter_template,
)
from feedback.operations.sign_letter import sign_letter
from feedback.operations.transaction import reading, transaction
from feedback.operations.transfer_case import transfer_case
from feedback.storage.models import HistoryEntry, Letter, OutboxRow, Round
from feedback.storage.queries import letters as queries
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_case,
    create_category,
    create_closed_report,
    create_unit,
    the_city,
)
from tests.factories.letters import (
    BODY,
    create_letter_template,
    create_signed_letter,
    letters_of,
)
from tests.operations.lives import Town, load

DUE = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)  # 7 working days after MONDAY, 17:00
EVE = DUE - timedelta(days=1)
LATE = DUE + timedelta(hours=20)
NEW_DATE = date(2026, 3, 16)
REASON = "Thiếu vật tư thay thế."


@pytest.fixture
def late_town(town: Town) -> Town:
    create_letter_template()
    return town


def drafted(town: Town, now: datetime = EVE) -> Letter:
    case = create_case(town.unit, category=town.category, handler=town.handler)
    assert draft_letters(city=the_city(), now=now) == 1
    return letters_of(case.report_id)[0]


def sign(letter: Letter, town: Town, **how: Any) -> None:
    draft = LetterDraft(how.pop("reason", REASON), how.pop("new_date", NEW_DATE))
    given = {"text_checked": False, "version": letter.version, "actor": town.as_head, "now": EVE}
    sign_letter(letter.id, draft, city=the_city(), **(given | how))


def test_a_letter_is_drafted_on_the_working_day_before_once_for_each_due_moment(
    late_town: Town,
) -> None:
    case = create_case(late_town.unit, category=late_town.category, handler=late_town.handler)

    assert draft_letters(city=the_city(), now=EVE - timedelta(days=1)) == 0
    assert draft_letters(city=the_city(), now=EVE) == 1
    assert draft_letters(city=the_city(), now=LATE) == 0

    (letter,) = letters_of(case.report_id)
    assert (letter.due, letter.number, letter.state) == (DUE, 1, LetterState.DRAFTED)
    assert letter.unit_id == late_town.unit.id
    assert letter.new_date == NEW_DATE


def test_nothing_is_drafted_for_what_waits_or_is_answered_or_without_a_text(town: Town) -> None:
    create_case(town.unit, category=town.category, handler=town.handler)
    assert draft_letters(city=the_city(), now=LATE) == 0  # no text in force
    create_letter_template()
    waiting = create_case(town.unit, category=town.category, handler=town.handler)
    ask_citizen(
        waiting.report_id,
        waiting.assignment_id,
        question="Ở đâu?",
        text_checked=True,
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=MONDAY,
    )
    approval = create_category(approval_needed=True)
    create_closed_report(town.unit, category=approval, handler=town.handler, head=town.head)

    assert draft_letters(city=the_city(), now=EVE) == 1
    assert letters_of(waiting.report_id) == []


def test_a_draft_is_discarded_when_the_result_comes_in_time_and_kept_when_it_comes_late(
    late_town: Town,
) -> None:
    case = create_case(late_town.unit, category=late_town.category, handler=late_town.handler)
    draft_letters(city=the_city(), now=EVE)
    with transaction(the_city()) as session:
        found = session.query(Round).filter_by(report_id=case.report_id).one()
        found.closed_at = DUE - timedelta(hours=1)
    draft_letters(city=the_city(), now=LATE)

    (letter,) = letters_of(case.report_id)
    assert letter.state is LetterState.DISCARDED
    assert letter.discarded_because is DiscardReason.ANSWERED_IN_TIME

    with transaction(the_city()) as session:
        found = session.query(Round).filter_by(report_id=case.report_id).one()
        found.closed_at = None
    assert draft_letters(city=the_city(), now=LATE) == 1
    (again,) = letters_of(case.report_id)
    assert (again.id, again.state) == (letter.id, LetterState.DRAFTED)

    with transaction(the_city()) as session:
        found = session.query(Round).filter_by(report_id=case.report_id).one()
        found.closed_at = LATE
    draft_letters(city=the_city(), now=LATE + timedelta(hours=1))
    assert letters_of(case.report_id)[0].state is LetterState.DRAFTED


def test_a_draft_for_a_moved_deadline_goes_and_another_comes(late_town: Town) -> None:
    letter = drafted(late_town)
    with transaction(the_city()) as session:
        life = Life.open(session, the_city(), letter.report_id, SYSTEM, EVE)
        assert life.open_round is not None
        life.move_due(life.open_round, DUE + timedelta(days=5), why="extension")
        life.settle()

    with pytest.raises(Conflict) as refused:
        sign(letter, late_town)
    assert refused.value.code == "letter_settled"
    draft_letters(city=the_city(), now=EVE)
    draft_letters(city=the_city(), now=DUE + timedelta(days=4))

    first, second = letters_of(letter.report_id)
    assert first.discarded_because is DiscardReason.DUE_MOVED
    assert (second.due, second.number) == (DUE + timedelta(days=5), 1)


def test_a_draft_follows_its_case_to_the_unit_that_leads_now(late_town: Town) -> None:
    letter = drafted(late_town)
    other = create_unit("Điện lực")
    transfer_case(
        letter.report_id,
        load(letter.report_id).assignments[0].id,
        unit_id=other.id,
        reason="Cột điện",
        version=None,
        actor=late_town.as_dispatcher,
        city=the_city(),
        now=EVE,
    )

    assert draft_letters(city=the_city(), now=EVE) == 0

    (moved,) = letters_of(letter.report_id)
    assert (moved.id, moved.unit_id) == (letter.id, other.id)
    with pytest.raises(NotFound):
        sign(moved, late_town)


def test_the_head_signs_and_the_words_are_frozen_told_and_printed(late_town: Town) -> None:
    letter = drafted(late_town)

    sign(letter, late_town)

    (signed,) = letters_of(letter.report_id)
    assert (signed.state, signed.signed_at) == (LetterState.SIGNED, EVE)
    assert signed.signed_by_id == late_town.head.id
    assert signed.text is not None
    assert REASON in signed.text["body"]
    assert "16/03/2026" in signed.text["body"]
    assert "17:00 ngày 11/03/2026" in signed.text["body"]
    assert signed.text["signer"] == late_town.head.name
    assert signed.fingerprint == fingerprint(signed.text)
    report = load(letter.report_id)
    assert report.rounds[-1].due == DUE  # the new day moves nothing
    with reading() as session:
        entry = session.query(HistoryEntry).filter_by(kind=HistoryKind.LETTER_SIGNED).one()
        assert (entry.public, entry.note) == (True, REASON)
        assert entry.data["new_date"] == NEW_DATE.isoformat()
        promised = session.query(OutboxRow).filter_by(subscription=PRINT_LETTER.name).one()
        assert promised.payload == {"letter_id": letter.id}

    print_letter(letter.id, city=the_city(), now=EVE)

    (issued,) = letters_of(letter.report_id)
    assert (issued.state, issued.issued_at) == (LetterState.ISSUED, EVE)
    with the_city().files.open(issued.file_key) as file:
        page = PdfReader(BytesIO(file.read())).pages[0].extract_text()
    assert "".join(REASON.split()) in "".join(page.split())
    assert issued.fingerprint[:16] in page
    key = issued.file_key
    print_letter(letter.id, city=the_city(), now=LATE)
    assert letters_of(letter.report_id)[0].file_key == key


def test_an_edited_letter_keeps_what_was_typed_and_refuses_an_old_view(late_town: Town) -> None:
    letter = drafted(late_town)
    by_head = {"actor": late_town.as_head, "city": the_city(), "now": EVE}

    edit_letter(letter.id, LetterDraft(REASON, NEW_DATE), version=letter.version, **by_head)

    (edited,) = letters_of(letter.report_id)
    assert (edited.state, edited.reason) == (LetterState.EDITED, REASON)
    with pytest.raises(Conflict) as refused:
        edit_letter(letter.id, LetterDraft("x", NEW_DATE), version=letter.version, **by_head)
    assert refused.value.code == "letter_changed"
    sign(edited, late_town)
    with pytest.raises(Conflict) as refused:
        sign(letters_of(letter.report_id)[0], late_town)
    assert refused.value.code == "letter_settled"


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"new_date": None}, "new_date"),
        ({"new_date": date(2026, 3, 9)}, "new_date"),
        ({"new_date": date(2026, 3, 14)}, "new_date"),  # a Saturday
        ({"new_date": date(2028, 3, 14)}, "new_date"),
        ({"reason": "Gọi 0905123456 để hỏi."}, "checked_text"),
    ],
)
def test_what_cannot_be_signed_is_named(late_town: Town, how: dict[str, Any], field: str) -> None:
    letter = drafted(late_town)

    with pytest.raises(Invalid) as refused:
        sign(letter, late_town, **how)

    assert field in refused.value.fields
    assert letters_of(letter.report_id)[0].state is LetterState.DRAFTED


def test_only_the_head_of_the_unit_signs(late_town: Town) -> None:
    letter = drafted(late_town)
    other = create_account(Role.HEAD, create_unit("Điện lực"))

    with pytest.raises(NotAllowed):
        sign(letter, late_town, actor=late_town.as_handler)
    with pytest.raises(NotFound):
        sign(letter, late_town, actor=actor_of(other))


def test_an_erased_report_takes_what_gives_its_reporter_away_out_of_its_letters(
    late_town: Town,
) -> None:
    letter = drafted(late_town)
    sign(letter, late_town, reason="Đã gọi 0905123456 mà không gặp.", text_checked=True)
    print_letter(letter.id, city=the_city(), now=EVE)

    with transaction(the_city()) as session:
        life = Life.open(session, the_city(), letter.report_id, SYSTEM, LATE)
        anonymise(life, why=REQUEST)
        life.settle()

    (erased,) = letters_of(letter.report_id)
    assert "0905123456" not in f"{erased.reason} {erased.text}"
    assert erased.file_key == ""


def version_of_text(**more: Any) -> LetterTemplateDraft:
    columns: dict[str, Any] = {
        "valid_from": MONDAY.date(),
        "title": "Thư xin lỗi",
        "about": "",
        "addressee": "Ông/Bà",
        "body": BODY,
        "legal_basis": "Căn cứ quy chế.",
        "authority": "",
        "place": "",
        "symbol": "",
        "signer_title": "Giám đốc",
        "copies": "",
        **more,
    }
    return LetterTemplateDraft(**columns)


def test_a_version_of_the_text_is_added_for_later_and_never_edited(town: Town) -> None:
    by_admin: dict[str, Any] = {
        "actor": actor_of(create_account(Role.ADMINISTRATOR)),
        "city": the_city(),
        "now": MONDAY,
    }
    first = add_letter_template(version_of_text(), **by_admin)
    later = add_letter_template(
        version_of_text(valid_from=date(2026, 4, 1), title="Thư xin lỗi mới"), **by_admin
    )

    with reading() as session:
        today = queries.template_on(session, date(2026, 3, 31))
        april = queries.template_on(session, date(2026, 4, 1))
        assert (today and today.id, april and april.id) == (first, later)
    for bad, field in (
        ({"valid_from": date(2026, 3, 31)}, "valid_from"),
        ({"valid_from": date(2026, 2, 1)}, "valid_from"),
        ({"valid_from": date(2026, 5, 1), "body": "Xin lỗi."}, "body"),
        ({"valid_from": date(2026, 5, 1), "title": "{ai}"}, "title"),
        ({"valid_from": date(2026, 5, 1), "legal_basis": ""}, "legal_basis"),
    ):
        with pytest.raises(Invalid) as refused:
            add_letter_template(version_of_text(**bad), **by_admin)
        assert field in refused.value.fields
    withdraw_letter_template(later, **by_admin)
    with pytest.raises(Conflict):
        withdraw_letter_template(first, **by_admin)
    with pytest.raises(NotAllowed):
        add_letter_template(version_of_text(), **(by_admin | {"actor": town.as_head}))


def test_the_second_letter_of_a_report_says_so(late_town: Town) -> None:
    case = create_case(late_town.unit, category=late_town.category, handler=late_town.handler)
    create_signed_letter(case.report_id, late_town.head, now=EVE, new_date=NEW_DATE)
    with transaction(the_city()) as session:
        life = Life.open(session, the_city(), case.report_id, SYSTEM, EVE)
        assert life.open_round is not None
        life.move_due(life.open_round, DUE + timedelta(days=5), why="extension")
        life.settle()

    later = DUE + timedelta(days=5)
    second = create_signed_letter(
        case.report_id, late_town.head, now=later, new_date=date(2026, 3, 20)
    )

    assert second.number == 2
    assert second.text is not None
    assert "lần thứ 2" in second.text["body"]


def test_the_clock_drafts_by_a_job() -> None:
    assert DRAFT_LETTERS.queue == PRINT_LETTER.queue == "notices"
