"""Who was erased hears nothing any more, and nor does whoever comes after them."""

from collections.abc import Callable

from sqlalchemy import update

from feedback.delivery.channels import Unreachable
from feedback.domain.actors import SYSTEM
from feedback.domain.notices import GivenUp, NoticeState
from feedback.operations.persons import OpenReports, erase_person
from feedback.operations.transaction import transaction
from feedback.storage.models import OutboxRow
from tests.factories import INSIDE, MONDAY, create_report, the_city
from tests.notices.conftest import CITIZEN
from tests.operations.lives import Town
from tests.support.post import Postbox, all_notices


def test_a_letter_that_waits_is_not_sent_to_the_next_who_reports(
    town: Town, post: Postbox, deliver: Callable[[], None]
) -> None:
    post.failure = Unreachable("the mail server answered 421")
    create_report(category=None, place=INSIDE, contact_email=CITIZEN, consent_version="1")
    deliver()
    (waiting,) = all_notices()
    erase_person(
        CITIZEN,
        reason="Letter of 12 March",
        open_reports=OpenReports.LATER,
        actor=SYSTEM,
        city=the_city(),
        now=MONDAY,
    )
    post.failure = None
    minh = {"contact_email": "minh@people.example", "consent_version": "1"}
    code = create_report(category=None, place=INSIDE, **minh).code
    with transaction(the_city()) as session:
        session.execute(update(OutboxRow).values(next_at=MONDAY))
    deliver()
    assert all_notices()[0].id == waiting.id
    assert (all_notices()[0].state, all_notices()[0].problem) == (
        NoticeState.GIVEN_UP,
        GivenUp.NO_ADDRESS,
    )
    assert [code in message.letter.text for message in post.messages] == [True]
    assert post.to(CITIZEN) == []
