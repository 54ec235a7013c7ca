"""One job: started, worked, and finished or put off."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from feedback.domain.events import PHOTOS_QUEUE
from feedback.domain.states import PhotoState
from feedback.jobs import running, subscriptions
from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.claim_due import claim_due
from feedback.operations.outbox import Claim, WorkAlreadyDone
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import OutboxState, Photo
from tests.factories import create_upload, the_city
from tests.operations.outbox_rows import create_work, work

pytestmark = pytest.mark.usefixtures("app_context")

Work = Callable[[Payloads, City, datetime, Claim], None]


def handed_out() -> tuple[str, list[list[int]]]:
    (job,) = claim_due(PHOTOS_QUEUE, city=the_city(), now=datetime.now(UTC), limit=1)
    return job.subscription.name, [[*row] for row in job.attempts.items()]


def photo() -> Photo:
    with reading() as session:
        found = session.query(Photo).one()
        session.expunge(found)
    return found


def working(monkeypatch: pytest.MonkeyPatch, work: Work) -> None:
    monkeypatch.setitem(subscriptions.WORK, "process_photo", work)


def test_an_uploaded_photo_is_made_ready_and_its_work_done() -> None:
    create_upload()
    running.run(*handed_out())
    assert photo().state is PhotoState.READY
    (row,) = work()
    assert (row.state, row.attempt) == (OutboxState.DONE, 1)


def test_the_same_message_again_does_nothing() -> None:
    create_upload()
    message = handed_out()
    running.run(*message)
    before = photo()
    running.run(*message)
    assert (photo().processed_at, work()[0].attempt) == (before.processed_at, 1)


def test_an_error_puts_the_work_off_and_keeps_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError("the disk is full")

    create_work()
    working(monkeypatch, full_disk)
    running.run(*handed_out())
    (row,) = work()
    assert (row.state, row.last_error) == (OutboxState.PENDING, "OSError: the disk is full")
    assert row.next_at > datetime.now(UTC)


def test_an_error_in_the_midst_of_a_transaction_leaves_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def half_way(_payloads: Payloads, city: City, _now: datetime, _claim: Claim) -> None:
        with transaction(city) as session:
            session.query(Photo).one().state = PhotoState.FAILED
            session.flush()
            raise RuntimeError("half way")

    create_upload()
    working(monkeypatch, half_way)
    running.run(*handed_out())
    assert photo().state is PhotoState.UPLOADED
    assert work()[0].state is OutboxState.PENDING


def test_a_job_that_was_replaced_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: object) -> None:
        raise WorkAlreadyDone

    create_work()
    working(monkeypatch, too_late)
    running.run(*handed_out())
    assert work()[0].last_error == ""
