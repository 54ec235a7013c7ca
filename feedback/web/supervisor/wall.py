"""The wall of the operations centre: one snapshot, for as many screens as look at it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from feedback.extensions import db
from feedback.storage.queries import wall
from feedback.web.context import now
from feedback.web.supervisor.ward_map import shades, ward_map
from feedback.wording import _

pages = Blueprint("wall", __name__, url_prefix="/supervisor/wall")

STALE_AFTER = timedelta(minutes=3)  # a snapshot comes every minute
POLL_SECONDS, TURN_SECONDS = 15, 20
BUSIEST = 8
COLUMN, HEIGHT = 40, 220  # of the chart of hours


@pages.get("")
def show() -> str:
    """The page, whole without its script too."""
    snapshot = wall.snapshot(db.session())
    moment = now()
    data_time = snapshot.data_time if snapshot else None
    return render_template(
        "wall/show.html",
        boards=_boards(snapshot.boards) if snapshot else None,
        told=_told(data_time),
        tag=_tag(data_time),
        age=int((moment - data_time).total_seconds()) if data_time else None,
        stale=data_time is None or moment - data_time > STALE_AFTER,
        stale_after=int(STALE_AFTER.total_seconds()),
        poll=POLL_SECONDS,
        turn=TURN_SECONDS,
    )


@pages.get("/data")
def data() -> ResponseReturnValue:
    """The boards as the page shows them; 304, after one look, to whoever has them already."""
    session = db.session()
    tag = _tag(wall.data_time(session))
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
        response.set_etag(tag)
        return response
    snapshot = wall.snapshot(session)
    data_time = snapshot.data_time if snapshot else None
    boards = _boards(snapshot.boards) if snapshot else None
    response = jsonify(
        data_time=data_time.isoformat() if data_time else None,
        told=_told(data_time),
        tag=_tag(data_time),
        age=int((now() - data_time).total_seconds()) if data_time else None,
        html=render_template("wall/boards.html", boards=boards),
    )
    response.set_etag(_tag(data_time))
    return response


def _tag(data_time: datetime | None) -> str:
    return f"{get_locale()}-{data_time.isoformat() if data_time else 'none'}"


def _told(data_time: datetime | None) -> str:
    """What the page says of its data time."""
    if data_time is None:
        return ""
    spelt = current_app.jinja_env.filters["moment"]
    return _("Figures of %(moment)s", moment=spelt(data_time))


def _boards(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot in the reader's language, with what is drawn of it."""
    areas = {int(key): count for key, count in stored["areas"].items()}
    drawn = ward_map()
    names = {one.area_id: one.name for one in drawn.outlines} if drawn else {}
    busiest = sorted(areas.items(), key=lambda item: (-item[1], names.get(item[0], "")))
    return {
        **stored,
        "hours": _hours(stored["received"], stored["closed"]),
        "received_today": sum(stored["received"]),
        "closed_today": sum(stored["closed"]),
        "units": [{**unit, "name": _named(unit["name"])} for unit in stored["units"]],
        "newest": [
            {
                **line,
                **{name: _named(line[name]) for name in ("category", "area", "unit")},
                "received_at": datetime.fromisoformat(line["received_at"]),
            }
            for line in stored["newest"]
        ],
        "map": drawn,
        "areas": areas,
        "shades": shades(areas, reverse=True),
        "busiest": [(names[key], n) for key, n in busiest if key in names][:BUSIEST],
    }


def _named(names: Sequence[str | None]) -> str:
    """A name in the reader's language, the Vietnamese one where there is no other."""
    vietnamese, english = names
    return (str(get_locale()) == "en" and english) or vietnamese or ""


def _hours(received: Sequence[int], closed: Sequence[int]) -> list[dict[str, Any]]:
    """The columns of the chart, in its own units."""
    most = max(1, *received, *closed)
    return [
        {
            "hour": hour,
            "x": hour * COLUMN,
            "received": came,
            "closed": went,
            "received_height": round(came * HEIGHT / most, 1),
            "closed_height": round(went * HEIGHT / most, 1),
        }
        for hour, (came, went) in enumerate(zip(received, closed, strict=True))
    ]
