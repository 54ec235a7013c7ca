"""What people say of a unit's own counters, for its head."""

from flask import Blueprint, render_template

from feedback.web.counter_board import board
from feedback.web.staff import people

pages = Blueprint("unit_counters", __name__)


@pages.get("/staff/counters")
def show() -> str:
    """The unit's counters over the window in the address. Raises NotFound for one there is not."""
    unit_id = people.current().unit_id or 0  # a head has a unit; nobody's counters have the unit 0
    return render_template("supervisor/counters.html", with_units=False, **board(unit_id))
