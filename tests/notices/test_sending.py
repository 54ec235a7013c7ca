"""A notice goes out at least once, under one id; one that cannot go is given up visibly."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from feedback.delivery.channels import Refused, Unreachable
from feedback.delivery.mail import MailServer as Address
from feedback.delivery.mail import SmtpMail
from feedback.domain.events import NOTICES_QUEUE, SEND_NOTICE
from feedback.domain.notices import GivenUp, NoticeKind, NoticeState
from feedback.jobs import running
from feedback.jobs.letters.writing import write_message
from feedback.operations.claim_due import claim_due
from feedback.operations.outbox import Claim, WorkAlreadyDone, start
from feedback.operations.replay_dead_letter import replay_dead_letter
from feedback.operations.send_notice import send_notice
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, OutboxRow, OutboxState, Report
from tests.factories import INSIDE, MONDAY, create_report, the_city
from tests.notices.conftest import CITIZEN
from tests.operations.lives import Town
from tests.support.mail_server import mail_server
from tests.support.post import Postbox, all_notices, reach_people_by, work_off
from tests.support.processes import free_port

Deliver = Callable[[], None]
DOWN = Unreachable("the mail server answered 421")


def report(town: Town) -> None:
    """A report whose reporter, and nobody else, is told."""
    create_report(category=None, place=INSIDE, contact_email=CITIZEN, consent_version="1")


def promised() -> list[OutboxRow]:
    """The promises to send."""
    with reading() as session:
        session.expire_all()
        rows = session.query(OutboxRow).filter_by(subscription=SEND_NOTICE.name).all()
        session.expunge_all()
    return rows


def make_due() -> None:
    """Let the pause before the next try pass."""
    with transaction(the_city()) as session:
        session.execute(update(OutboxRow).values(next_at=MONDAY))


def settle_outbox(**values: Any) -> None:
    """Set columns of the promises to send."""
    with transaction(the_city()) as session:
        session.execute(
            update(OutboxRow).where(OutboxRow.subscription == SEND_NOTICE.name).values(**values)
        )


def test_a_sent_notice_says_so(town: Town, post: Postbox, deliver: Deliver) -> None:
    report(town)
    deliver()
    (notice,) = all_notices()
    assert (notice.state, notice.answer, notice.problem) == (NoticeState.SENT, "kept", None)
    assert notice.settled_at is not None
    assert [row.state for row in promised()] == [OutboxState.DONE]


def test_a_dead_mail_server_loses_nothing(town: Town, post: Postbox, deliver: Deliver) -> None:
    post.failure = DOWN
    report(town)
    deliver()
    pauses = []
    for _ in range(3):
        (row,) = promised()
        assert (row.state, row.last_error) == (OutboxState.PENDING, f"Unreachable: {DOWN}")
        pauses.append(row.next_at - datetime.now(UTC))
        make_due()
        deliver()
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] / 2
    post.failure = None
    make_due()
    deliver()
    assert [notice.state for notice in all_notices()] == [NoticeState.SENT]
    assert len(post.messages) == 1


def test_mail_is_tried_for_three_days_and_can_be_replayed_then(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    patience = the_city().patience
    tries = range(1, SEND_NOTICE.max_attempts)
    assert sum((patience.before_retry(n) for n in tries), timedelta()) >= timedelta(days=3)
    post.failure = DOWN
    report(town)
    deliver()
    settle_outbox(attempt=SEND_NOTICE.max_attempts - 1, next_at=MONDAY)
    deliver()
    (row,) = promised()
    assert row.state is OutboxState.DEAD
    assert [notice.state for notice in all_notices()] == [NoticeState.PENDING]
    post.failure = None
    replay_dead_letter(row.id, city=the_city(), now=MONDAY)
    deliver()
    assert [notice.state for notice in all_notices()] == [NoticeState.SENT]


@pytest.mark.parametrize("problem", [GivenUp.ADDRESS_REFUSED, GivenUp.MESSAGE_REFUSED])
def test_what_is_refused_is_given_up_and_not_tried_again(
    town: Town, post: Postbox, deliver: Deliver, problem: GivenUp
) -> None:
    post.failure = Refused(problem, "550 5.1.1")
    report(town)
    deliver()
    (notice,) = all_notices()
    assert (notice.state, notice.problem) == (NoticeState.GIVEN_UP, problem)
    assert notice.answer == "550 5.1.1"
    assert [row.state for row in promised()] == [OutboxState.DONE]


def test_an_address_that_is_gone_gives_the_notice_up(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    post.failure = DOWN
    create_report(category=town.category, place=INSIDE)
    deliver()
    with transaction(the_city()) as session:
        session.get_one(Account, town.head.id).email = None
    post.failure = None
    make_due()
    deliver()
    gone = [n for n in all_notices() if n.state is NoticeState.GIVEN_UP]
    assert [(n.kind, n.problem) for n in gone] == [(NoticeKind.ASSIGNED, GivenUp.NO_ADDRESS)]


def test_a_crash_between_the_server_and_the_commit_repeats_the_same_message(
    app: Flask, town: Town, post: Postbox
) -> None:
    """What a worker killed at the worst moment leaves: the mail is gone, the row is not done."""
    with mail_server() as server:
        reach_people_by(app, email=SmtpMail(Address("127.0.0.1", server.port, "no"), "a@b.example"))
        report(town)
        message = prepared()
        claim = started(message)
        (notice,) = all_notices()
        # Another took the row up meanwhile, as it does after a crash: the first one's end is void.
        settle_outbox(attempt=claim.attempt + 1)
        with pytest.raises(WorkAlreadyDone):
            send_notice(notice.id, write=write_message, city=the_city(), now=MONDAY, claim=claim)
        assert [n.state for n in all_notices()] == [NoticeState.PENDING]
        make_due()
        work_off(the_city())
    assert [n.state for n in all_notices()] == [NoticeState.SENT]
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert server.ids[0].startswith(f"<notice-{notice.id}.{notice.mark}@")


def prepared() -> dict[int, int]:
    """Work everything up to the sending, which is claimed but not started."""
    while True:
        (job,) = claim_due(NOTICES_QUEUE, city=the_city(), now=datetime.now(UTC), limit=1)
        if job.subscription == SEND_NOTICE:
            return dict(job.attempts)
        running.run(job.subscription.name, [[*row] for row in job.attempts.items()])


def started(attempts: dict[int, int]) -> Claim:
    """Start the claimed job."""
    work = start(attempts, city=the_city(), now=datetime.now(UTC))
    assert work is not None
    return work.claim


def test_a_settled_notice_is_not_sent_again(town: Town, post: Postbox, deliver: Deliver) -> None:
    report(town)
    deliver()
    (notice,) = all_notices()
    send_notice(notice.id, write=write_message, city=the_city(), now=MONDAY)
    assert len(post.messages) == 1
    assert all_notices()[0].state is NoticeState.SENT


def test_no_address_and_no_link_is_left_behind_by_a_failure(
    app: Flask, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    dead = SmtpMail(Address("127.0.0.1", free_port(), "no", "user", "hidden"), "a@b.example")
    reach_people_by(app, email=dead)
    create_report(
        category=town.category,
        place=INSIDE,
        contact_email=CITIZEN,
        consent_version="1",
        contact_name="Canary Lan",
        contact_phone="0900 111 222",
    )
    work_off(the_city())
    with reading() as session:
        rows = session.query(OutboxRow).all()
        left = " ".join(f"{row.payload} {row.last_error}" for row in rows)
        token = session.query(Report).one().token
    for secret in (CITIZEN, "Canary", "0900 111 222", "hidden", token):
        assert secret not in left
        assert secret not in caplog.text
