"""Promised work is handed out, started once, done once, tried again, and given up in the end."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.errors import Conflict, NotFound
from feedback.domain.events import BY_NAME, PHOTOS_QUEUE, PROCESS_PHOTO, STATISTICS_QUEUE, Event
from feedback.domain.patience import QUEUED, USUAL
from feedback.operations.claim_due import Job, claim_due
from feedback.operations.outbox import (
    Claim,
    StartedWork,
    WorkAlreadyDone,
    complete,
    fail,
    promise,
    start,
)
from feedback.operations.prune_outbox import prune_outbox
from feedback.operations.replay_dead_letter import replay_dead_letter
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import OutboxState
from feedback.storage.queries import outbox
from tests.factories import MONDAY, the_city
from tests.operations.outbox_rows import create_work, work

pytestmark = pytest.mark.usefixtures("app_context")
SECOND = timedelta(seconds=1)


def claim(now: Any = MONDAY, queue: str = PHOTOS_QUEUE, limit: int = 100) -> list[Job]:
    return claim_due(queue, city=the_city(), now=now, limit=limit)


def started(attempts: dict[int, int], now: Any = MONDAY) -> StartedWork:
    begun = start(attempts, city=the_city(), now=now)
    assert begun is not None
    return begun


def finish(claim: Claim) -> None:
    with transaction(the_city()) as session:
        complete(session, claim, MONDAY)


def test_due_work_is_handed_out_once() -> None:
    (row_id,) = create_work()
    (job,) = claim()
    assert (job.id, job.attempts) == (f"process_photo-{row_id}-0", {row_id: 0})
    assert claim() == []


def test_work_waits_for_its_moment() -> None:
    create_work(now=MONDAY + SECOND)
    assert claim() == []
    assert len(claim(MONDAY + SECOND)) == 1


def test_each_queue_gets_its_own_work_and_no_more_than_it_asks_for() -> None:
    create_work(Event.PHOTO_UPLOADED, times=3)
    create_work(Event.FIGURES_CHANGED)
    assert [job.subscription.name for job in claim(queue=STATISTICS_QUEUE)] == [
        "refresh_statistics"
    ]
    assert len(claim(limit=2)) == 2
    assert len(claim(limit=2)) == 1


def test_what_was_lost_in_a_queue_is_handed_out_again_under_the_same_name() -> None:
    create_work()
    (lost,) = claim()
    assert claim(MONDAY + QUEUED - SECOND) == []
    assert claim(MONDAY + QUEUED) == [lost]


def test_a_start_counts_and_holds_the_row_for_as_long_as_the_job_may_take() -> None:
    (row_id,) = create_work()
    claim()
    begun = started({row_id: 0})
    assert begun.claim.attempts == {row_id: 1}
    assert begun.payloads == ({"photo_id": 0},)
    lease = USUAL.lease(PROCESS_PHOTO, 1)
    assert lease > PROCESS_PHOTO.timeout
    assert claim(MONDAY + lease - SECOND) == []
    (again,) = claim(MONDAY + lease)
    assert again.attempts == {row_id: 1}


def test_the_second_of_two_equal_messages_starts_nothing() -> None:
    (row_id,) = create_work()
    claim()
    started({row_id: 0})
    assert start({row_id: 0}, city=the_city(), now=MONDAY) is None


def test_work_that_is_done_cannot_be_started_or_done_again() -> None:
    (row_id,) = create_work()
    claim()
    begun = started({row_id: 0})
    finish(begun.claim)
    assert work()[0].state is OutboxState.DONE
    assert start({row_id: 1}, city=the_city(), now=MONDAY) is None
    with pytest.raises(WorkAlreadyDone):
        finish(begun.claim)


def test_a_slow_job_that_was_replaced_cannot_finish() -> None:
    (row_id,) = create_work()
    claim()
    slow = started({row_id: 0})
    later = MONDAY + USUAL.lease(PROCESS_PHOTO, 1)
    claim(later)
    replacing = started({row_id: 1}, later)
    with pytest.raises(WorkAlreadyDone):
        finish(slow.claim)
    fail(slow.claim, "too late", city=the_city(), now=later)
    assert work()[0].state is OutboxState.LEASED
    finish(replacing.claim)


def test_a_claim_of_one_row_that_is_gone_finishes_none_of_its_rows() -> None:
    first, second = create_work(Event.FIGURES_CHANGED, times=2)
    claim(queue=STATISTICS_QUEUE)
    begun = started({first: 0, second: 0})
    fail(Claim({second: 1}), "put off", city=the_city(), now=MONDAY)
    with pytest.raises(WorkAlreadyDone):
        finish(begun.claim)
    assert work(first)[0].state is OutboxState.LEASED


def test_failures_are_put_off_for_longer_each_time_and_given_up_at_the_last() -> None:
    (row_id,) = create_work()
    now, pauses = MONDAY, []
    for attempt in range(PROCESS_PHOTO.max_attempts):
        claim(now)
        fail(started({row_id: attempt}, now).claim, "no room", city=the_city(), now=now)
        (row,) = work()
        assert row.last_error == "no room"
        pauses.append(row.next_at - now)
        now = row.next_at
    assert row.state is OutboxState.DEAD
    assert pauses[:3] == [5 * SECOND, 20 * SECOND, 80 * SECOND]
    assert claim(now + timedelta(days=1)) == []


def test_a_job_that_kills_its_worker_each_time_is_given_up_too() -> None:
    (row_id,) = create_work()
    now = MONDAY
    for attempt in range(PROCESS_PHOTO.max_attempts):
        (job,) = claim(now)
        started(dict(job.attempts), now)
        now += USUAL.lease(PROCESS_PHOTO, attempt + 1)
    assert claim(now) == []
    (row,) = work(row_id)
    assert row.state is OutboxState.DEAD
    assert "killed" in row.last_error


def test_rows_of_one_batch_keep_their_own_attempts() -> None:
    (old,) = create_work(Event.FIGURES_CHANGED)
    claim(queue=STATISTICS_QUEUE)
    fail(started({old: 0}).claim, "busy", city=the_city(), now=MONDAY)
    (new,) = create_work(Event.FIGURES_CHANGED)
    later = MONDAY + 5 * SECOND
    (job,) = claim(later, STATISTICS_QUEUE)
    assert job.attempts == {old: 1, new: 0}
    begun = started(dict(job.attempts), later)
    assert begun.claim.attempts == {old: 2, new: 1}
    assert begun.claim.attempt == 2
    finish(begun.claim)


def test_what_comes_in_during_a_batch_makes_up_the_next_one() -> None:
    size = BY_NAME["refresh_statistics"].batch
    create_work(Event.FIGURES_CHANGED, times=size + 3)
    (first,) = claim(queue=STATISTICS_QUEUE)
    assert len(first.attempts) == size
    assert claim(queue=STATISTICS_QUEUE) == []
    finish(started(dict(first.attempts)).claim)
    (second,) = claim(queue=STATISTICS_QUEUE)
    assert len(second.attempts) == 3


def test_a_dead_letter_is_listed_and_can_be_tried_again() -> None:
    (row_id,) = create_work()
    now = MONDAY
    for attempt in range(PROCESS_PHOTO.max_attempts):
        claim(now)
        fail(started({row_id: attempt}, now).claim, "no room", city=the_city(), now=now)
        now += timedelta(hours=2)
    with reading() as session:
        assert [row.id for row in outbox.dead(session)] == [row_id]
        assert outbox.oldest_undone(session) is None
    replay_dead_letter(row_id, city=the_city(), now=now)
    with reading() as session:
        assert outbox.dead(session) == []
        assert outbox.oldest_undone(session) == MONDAY
    (job,) = claim(now)
    finish(started(dict(job.attempts), now).claim)


def test_only_dead_letters_are_tried_again() -> None:
    (row_id,) = create_work()
    with pytest.raises(Conflict):
        replay_dead_letter(row_id, city=the_city(), now=MONDAY)
    with pytest.raises(NotFound):
        replay_dead_letter(row_id + 1, city=the_city(), now=MONDAY)


def test_old_done_work_is_forgotten_and_other_old_work_is_not() -> None:
    done, undone = create_work(times=2)
    claim()
    finish(started({done: 0}).claim)
    assert prune_outbox(city=the_city(), now=MONDAY + timedelta(days=6)) == 0
    assert prune_outbox(city=the_city(), now=MONDAY + timedelta(days=8)) == 1
    assert [row.id for row in work()] == [undone]


def test_work_of_a_change_that_failed_was_never_promised() -> None:
    with pytest.raises(ZeroDivisionError), transaction(the_city()) as session:
        promise(session, Event.FIGURES_CHANGED, MONDAY)
        raise ZeroDivisionError
    assert work() == []
