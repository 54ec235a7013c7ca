"""Counter ratings of the whole city, apart from the figures of reports."""

from flask import render_template

from feedback.web.counter_board import board
from feedback.web.supervisor.blueprint import pages


@pages.get("/counters")
def show_counters() -> str:
    """Every counter over the window in the address. Raises NotFound for one there is not."""
    return render_template("supervisor/counters.html", with_units=True, **board())
