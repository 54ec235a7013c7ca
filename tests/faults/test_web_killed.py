"""The web server is killed when it has stored a report and not yet said so."""

import threading
from contextlib import suppress
from http.client import HTTPException

from flask import Flask

from feedback.operations.transaction import reading
from feedback.storage.models import Report
from tests.faults.citizens import Citizens, Person, Sent
from tests.faults.outcomes import assert_nothing_was_lost_or_doubled, wait_until_all_is_done
from tests.support.processes import City
from tests.support.waiting import wait_until

TIMES = 3


def test_a_report_whose_answer_never_came_is_sent_again_and_exists_once(
    app: Flask, city: City, citizens: Citizens
) -> None:
    for part in ("relay", "worker-photos", "worker-statistics"):
        city.start(part)
    web = city.start("web")
    for _ in range(TIMES):
        person = Person(city.address)
        report = citizens.prepare(person)
        sending = threading.Thread(target=send_and_hear_nothing, args=(person, citizens, report))
        sending.start()
        wait_until(lambda sent=report: is_stored(app, sent), 20, "the report to be stored")
        web.kill()
        sending.join()
        web = city.start("web")
        assert citizens.send_until_answered(person, report) == 200
    wait_until_all_is_done(app)
    assert_nothing_was_lost_or_doubled(app, citizens)


def send_and_hear_nothing(person: Person, citizens: Citizens, report: Sent) -> None:
    """Send a report on a line that breaks before the answer."""
    with suppress(OSError, HTTPException):
        person.post("/report", citizens.fields(report))


def is_stored(app: Flask, report: Sent) -> bool:
    with app.app_context(), reading() as session:
        return session.query(Report).filter_by(submission_id=report.submission_id).count() == 1
