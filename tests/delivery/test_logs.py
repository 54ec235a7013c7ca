"""What a line of the log looks like to a machine."""

import json
import subprocess
import sys
from textwrap import dedent

from config import ROOT

BEGINNING = """
import logging, structlog
from feedback.delivery.logs import configure_logs
configure_logs(as_json=True)
"""


def logged_by(program: str) -> list[dict[str, object]]:
    """What a process of its own writes to standard error, each line parsed.

    The test runner has handlers of its own on every logger of this process.
    """
    ran = subprocess.run(
        [sys.executable, "-c", BEGINNING + dedent(program)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [json.loads(line) for line in ran.stderr.splitlines()]


def test_an_event_is_one_line_of_json_with_what_is_bound() -> None:
    [line] = logged_by("""
        structlog.contextvars.bind_contextvars(request_id="abc")
        structlog.get_logger("feedback.somewhere").warning("happened", id=7, why="một\\nhai")
    """)
    assert line.pop("timestamp")
    assert line == {
        "event": "happened",
        "request_id": "abc",
        "id": 7,
        "why": "một\nhai",
        "level": "warning",
        "logger": "feedback.somewhere",
    }


def test_what_libraries_log_has_the_same_form() -> None:
    [line] = logged_by('logging.getLogger("somebody.elses").error("went %s", "wrong")')
    assert (line["event"], line["level"], line["logger"]) == (
        "went wrong",
        "error",
        "somebody.elses",
    )


def test_a_trace_stays_on_the_line() -> None:
    [line] = logged_by("""
        try:
            raise ValueError("no")
        except ValueError:
            structlog.get_logger().exception("failed")
    """)
    assert "ValueError: no" in str(line["exception"])


def test_libraries_that_tell_of_every_step_are_kept_quiet() -> None:
    assert (
        logged_by("""
        logging.getLogger("rq.worker").info("a job came")
        logging.getLogger("sqlalchemy.engine.Engine").info("SELECT 1")
    """)
        == []
    )
