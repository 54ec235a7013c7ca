"""Whoever left an address hears of a signed letter of apology, and finds it printed."""

from collections.abc import Callable
from datetime import date, timedelta

from feedback.domain.letters import LetterState
from tests.factories import INSIDE, MONDAY, create_case, the_city
from tests.factories.letters import create_letter_template, create_signed_letter, letters_of
from tests.notices.conftest import CITIZEN
from tests.operations.lives import Town
from tests.support.post import Postbox


def test_the_reporter_is_told_why_and_by_when_and_the_paper_is_made(
    town: Town, post: Postbox, deliver: Callable[[], None]
) -> None:
    create_letter_template()
    case = create_case(
        town.unit,
        category=town.category,
        handler=town.handler,
        place=INSIDE,
        language="en",
        contact_email=CITIZEN,
        consent_version="1",
    )
    create_signed_letter(
        case.report_id,
        town.head,
        now=MONDAY + timedelta(days=9),
        new_date=date(2026, 3, 16),
        printed=False,
    )
    assert the_city().channels

    deliver()

    told = post.to(CITIZEN)[-1].letter
    assert told.subject == f"[Code {case.code}] We apologise: your result comes late"
    assert "New date: 16/03/2026" in told.text
    assert "Thiếu vật tư thay thế." in told.text
    assert case.token in told.text
    assert letters_of(case.report_id)[0].state is LetterState.ISSUED
