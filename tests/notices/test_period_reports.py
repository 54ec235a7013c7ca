"""Whoever asked for it gets the report of a period by mail, once, with the paper."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from feedback.domain.notices import NoticeKind
from feedback.domain.periods import PeriodKind
from feedback.domain.states import Role
from feedback.jobs.letters import period_reports as letters
from feedback.operations.make_period_report import make_period_report
from feedback.operations.order_period_report import correct_period_report
from feedback.operations.subscribe_to_reports import subscribe_to_reports
from feedback.operations.transaction import transaction
from feedback.storage.models import Account
from feedback.wording.period_files import write_files
from tests.factories import actor_of, create_account, create_case, the_city
from tests.factories.period_reports import create_period_report
from tests.operations.lives import Town
from tests.support.post import Postbox, told

APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)


def create_reader(address: str, language: str, kind: PeriodKind = PeriodKind.MONTH) -> Account:
    """A supervisor who gets the city's reports of a kind."""
    reader = create_account(Role.SUPERVISOR)
    with transaction(the_city()) as session:
        session.get_one(Account, reader.id).email = address
    subscribe_to_reports(
        kind=kind, scope="city", language=language,
        actor=actor_of(reader), city=the_city(), now=APRIL,
    )  # fmt: skip
    return reader


def test_readers_get_link_and_paper_in_their_language_and_only_once(
    town: Town, post: Postbox, deliver: Callable[[], None]
) -> None:
    create_case(town.unit, category=town.category)
    create_reader("vi@city.example", "vi")
    create_reader("en@city.example", "en")
    create_reader("quarterly@city.example", "en", PeriodKind.QUARTER)
    gone = create_reader("gone@city.example", "en")
    with transaction(the_city()) as session:
        session.get_one(Account, gone.id).role = Role.HANDLER
    report_id = create_period_report("2026-03", APRIL)
    deliver()
    make_period_report(report_id, write=write_files, city=the_city(), now=APRIL)
    deliver()

    assert told().count(NoticeKind.PERIOD_REPORT) == 2
    (english,), (vietnamese,) = post.to("en@city.example"), post.to("vi@city.example")
    assert english.letter.subject == "Report on citizens' reports, Month 3/2026"
    assert vietnamese.letter.subject == "Báo cáo xử lý phản ánh, Tháng 3/2026"
    assert f"/supervisor/reports/{report_id}" in english.letter.text
    assert [one.name for one in english.attachments] == ["report-2026-03-en.pdf"]
    assert vietnamese.attachments[0].content.startswith(b"%PDF")
    assert post.to("quarterly@city.example") == post.to("gone@city.example") == []

    further = correct_period_report(
        report_id, reason="Tính sót", city=the_city(), now=APRIL, account_id=None
    )
    make_period_report(further, write=write_files, city=the_city(), now=APRIL)
    deliver()
    last = post.to("en@city.example")[-1]
    assert "A corrected edition" in last.letter.text
    assert "Tính sót" in last.letter.text
    assert last.id != english.id


def test_a_paper_too_large_for_mail_is_only_linked(
    town: Town, post: Postbox, deliver: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    create_case(town.unit, category=town.category)
    create_reader("vi@city.example", "vi")
    monkeypatch.setattr(letters, "LARGEST_ATTACHMENT", 10)
    report_id = create_period_report("2026-03", APRIL)
    deliver()
    (message,) = post.to("vi@city.example")
    assert message.attachments == ()
    assert f"/supervisor/reports/{report_id}" in message.letter.text
    assert "PDF" not in message.letter.text
