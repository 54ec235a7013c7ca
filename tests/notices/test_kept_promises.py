"""When a unit keeps its promise, those who wait for it hear of it."""

from collections.abc import Callable
from datetime import timedelta

from feedback.domain.states import Outcome, PhotoPurpose
from feedback.operations.follow_report import ask_for_news, confirm_news
from feedback.operations.keep_promise import Proof, keep_promise
from tests.factories import INSIDE, MONDAY, create_closed_report, create_upload, the_city
from tests.notices.conftest import CITIZEN
from tests.notices.test_followers import token_in
from tests.operations.lives import Town
from tests.support.post import Postbox

MINH, TEXT = "minh@people.example", "Đã lắp thêm ba thùng rác."


def test_reporter_and_follower_are_told(
    town: Town, post: Postbox, deliver: Callable[[], None]
) -> None:
    case = create_closed_report(
        town.unit,
        head=town.head,
        category=town.category,
        handler=town.handler,
        outcome=Outcome.PLANNED,
        place=INSIDE,
        language="en",
        contact_email=CITIZEN,
        consent_version="1",
    )
    deliver()
    ask_for_news(
        case.report_id,
        device="a device",
        email=MINH,
        consent_version="1",
        language="en",
        city=the_city(),
        now=MONDAY,
    )
    deliver()
    confirm_news(token_in(post.to(MINH)[-1].letter.text), city=the_city(), now=MONDAY)
    keep_promise(
        *(case.report_id, case.assignment_id),
        Proof(text=TEXT, photo_ids=(create_upload(PhotoPurpose.NOTE),)),
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=MONDAY + timedelta(days=20),
    )
    deliver()
    to_reporter, to_follower = post.to(CITIZEN)[-1].letter, post.to(MINH)[-1].letter
    assert to_reporter.subject == f"[Code {case.code}] What was promised is done"
    assert TEXT in to_reporter.text
    assert case.token in to_reporter.text
    assert to_follower.subject == f"[Code {case.code}] What was promised is done"
    assert f"/reports/{case.code}" in to_follower.text
    assert case.token not in to_follower.text
