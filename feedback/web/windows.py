"""The window in an address, and how one chooses another: the same on every page of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.exceptions import NotFound

from feedback.domain.periods import ROLLING, Period, PeriodKind, period_named, periods_since
from feedback.extensions import db
from feedback.storage.queries import statistics
from feedback.web import context

DEFAULT_WINDOW = "30"


@dataclass(frozen=True, slots=True)
class WindowChoice:
    """The windows one may choose from a page; `kept` is what else its address says."""

    period: Period
    rolling: Sequence[tuple[str, str]]  # the name of a window, and this page over it
    calendar: dict[PeriodKind, list[Period]]
    kept: Sequence[tuple[str, str]]


def asked_period(today: date | None = None) -> Period:
    """The window in the address, as it stands today or on the day given.

    Raises NotFound for one that is none or lies ahead.
    """
    try:
        return period_named(request.args.get("window", DEFAULT_WINDOW), today or context.today())
    except ValueError:
        raise NotFound from None


def window_choice(period: Period, *, dropped: Sequence[str] = (), own: str = "") -> WindowChoice:
    """What the control needs. Its links leave out the arguments `dropped`; `own` is one its form
    asks for."""
    asked_anew = {"window", own, *dropped}
    return WindowChoice(
        period,
        [(str(days), here(window=str(days), **dict.fromkeys(dropped))) for days in ROLLING],
        calendar_windows(),
        [(name, value) for name, value in request.args.items() if name not in asked_anew],
    )


def calendar_windows() -> dict[PeriodKind, list[Period]]:
    """The months, quarters and years there can be figures of, the latest first."""
    first = statistics.first_received(db.session())
    today = context.today()
    day: date = first.astimezone(context.city().zone).date() if first else today
    found: dict[PeriodKind, list[Period]] = {}
    for period in reversed(periods_since(min(day, today), today)):
        found.setdefault(period.kind, []).append(period)
    return found


def here(**changes: Any) -> str:
    """The address of this page, but for `changes`; None leaves out."""
    own = {**(request.view_args or {}), **request.args.to_dict(), **changes}
    return url_for(str(request.endpoint), **{name: value for name, value in own.items() if value})
