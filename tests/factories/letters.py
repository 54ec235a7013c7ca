"""Letters of apology and the text they are made from."""

from datetime import date, datetime, timedelta
from typing import Any

from feedback.operations.draft_letters import draft_letters
from feedback.operations.edit_letter import LetterDraft
from feedback.operations.print_letter import print_letter
from feedback.operations.reference import working_calendar
from feedback.operations.sign_letter import sign_letter
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Letter, LetterTemplate
from feedback.storage.queries import letters
from tests.factories.accounts import actor_of
from tests.factories.base import LONG_AGO, MONDAY, saved, the_city

BODY = (
    "Phản ánh {mã} về {lĩnh vực} có hạn {hạn}.\n\nChúng tôi trả kết quả chậm vì: {lý do}\n\n"
    "Xin lỗi Ông/Bà và hẹn ngày {ngày hẹn} (hẹn lại lần thứ {lần})."
)


def create_letter_template(**more: Any) -> LetterTemplate:
    """A version of the letter's text, in force for long."""
    columns: dict[str, Any] = {
        "valid_from": LONG_AGO,
        "title": "Thư xin lỗi",
        "about": "Về việc trả kết quả phản ánh {mã} quá hạn",
        "addressee": "Ông/Bà đã gửi phản ánh {mã}",
        "body": BODY,
        "legal_basis": "Căn cứ quy chế tiếp nhận phản ánh.",
        "authority": "Ủy ban nhân dân thành phố",
        "place": "Đông Thượng",
        "symbol": "TXL",
        "signer_title": "Thủ trưởng đơn vị",
        "copies": "Như trên;\nLưu: VT.",
        "created_at": MONDAY,
        **more,
    }
    return saved(LetterTemplate(**columns))


def letters_of(report_id: int) -> list[Letter]:
    """The letters of a report, with what belongs to them."""
    with reading() as session:
        ids = [one.id for one in letters.of_report(session, report_id)]
        found = [one for i in ids if (one := letters.with_all(session, i)) is not None]
        session.expunge_all()
    return found


def create_signed_letter(
    report_id: int, head: Account, *, now: datetime, new_date: date, printed: bool = True
) -> Letter:
    """The letter of a report that is late or about to be, drafted, signed and printed."""
    draft_letters(city=the_city(), now=now)
    letter = letters_of(report_id)[-1]
    sign_letter(
        letter.id,
        LetterDraft(reason="Thiếu vật tư thay thế.", new_date=new_date),
        text_checked=False,
        version=None,
        actor=actor_of(head),
        city=the_city(),
        now=now,
    )
    if printed:
        print_letter(letter.id, city=the_city(), now=now)
    return letters_of(report_id)[-1]


def next_working_day(today: date) -> date:
    """A day that the calendar of the tests and of the demo city works on, a few days away."""
    with reading() as session:
        calendar = working_calendar(session, the_city())
    return calendar.nth_working_day_after(today + timedelta(days=1), 1)
