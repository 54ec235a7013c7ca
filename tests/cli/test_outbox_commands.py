"""`flask outbox`: dead letters are listed and tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from feedback.domain.events import PROCESS_PHOTO
from feedback.operations.claim_due import claim_due
from feedback.operations.outbox import fail, start
from feedback.storage.models import OutboxState
from tests.factories import MONDAY, the_city
from tests.operations.outbox_rows import create_work, work


@pytest.fixture
def dead(app: Flask) -> int:
    """The id of a row that was given up."""
    with app.app_context():
        (row_id,) = create_work()
        now = MONDAY
        for attempt in range(PROCESS_PHOTO.max_attempts):
            claim_due(PROCESS_PHOTO.queue, city=the_city(), now=now, limit=1)
            begun = start({row_id: attempt}, city=the_city(), now=now)
            assert begun
            fail(begun.claim, "OSError: no room\nat all", city=the_city(), now=now)
            now += timedelta(hours=2)
    return row_id


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["outbox", *arguments])
    return done.exit_code, done.output


def test_dead_letters_are_listed_with_the_first_line_of_their_error(app: Flask, dead: int) -> None:
    line = f"{dead}  process_photo  2026-03-02 02:00 UTC  5 attempts  OSError: no room\n"
    assert run(app, "list-dead") == (0, line)


def test_a_dead_letter_is_tried_again(app: Flask, dead: int) -> None:
    assert run(app, "replay", str(dead)) == (0, f"Row {dead} is due again.\n")
    assert run(app, "list-dead") == (0, "")
    with app.app_context():
        (row,) = work()
    assert (row.state, row.attempt) == (OutboxState.PENDING, 0)
    assert row.next_at <= datetime.now(UTC)


def test_what_is_not_dead_is_refused(app: Flask, dead: int) -> None:
    run(app, "replay", str(dead))
    code, output = run(app, "replay", str(dead))
    assert (code, output) == (1, f"Error: row {dead}: not a dead letter\n")
    assert run(app, "replay", "999")[0] == 1


def test_all_of_a_kind_are_tried_again_once_that_is_confirmed(app: Flask, dead: int) -> None:
    asked = app.test_cli_runner().invoke(
        args=["outbox", "replay", "--all-of", "process_photo"], input="n\n"
    )
    assert "Try 1 dead letters of process_photo again?" in asked.output
    assert asked.exit_code == 1
    assert str(dead) in run(app, "list-dead")[1]
    done = run(app, "replay", "--all-of", "process_photo", "--yes")
    assert done == (0, "1 rows of process_photo are due again.\n")
    assert run(app, "list-dead") == (0, "")
    assert run(app, "replay", "--all-of", "bake_bread")[0] == 1
    assert run(app, "replay")[0] == 2
    assert run(app, "replay", str(dead), "--all-of", "process_photo")[0] == 2
