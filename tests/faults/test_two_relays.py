"""Two relays at once, and one that is killed."""

from flask import Flask

from tests.faults.citizens import Citizens
from tests.faults.outcomes import assert_nothing_was_lost_or_doubled, wait_until_all_is_done
from tests.support.processes import City

REPORTS = 15


def test_two_relays_do_no_harm_and_one_of_them_is_enough(
    app: Flask, city: City, citizens: Citizens
) -> None:
    city.start_all()
    second = city.start("relay")
    citizens.send_many(REPORTS)
    second.kill()
    citizens.send_many(REPORTS)
    wait_until_all_is_done(app)
    assert_nothing_was_lost_or_doubled(app, citizens)
