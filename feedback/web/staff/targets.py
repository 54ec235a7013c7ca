"""What a unit has undertaken to reach, on its head's desk: to be signed, and followed."""

from http import HTTPStatus
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.errors import NotFound as Unknown
from feedback.domain.share_measures import SHARES
from feedback.extensions import db
from feedback.operations.sign_target import sign_target
from feedback.storage.models import CommitmentSheet
from feedback.storage.queries import targets
from feedback.storage.types import LARGEST_KEY, can_be_key
from feedback.web.admin.editing import by
from feedback.web.forms import Form, load
from feedback.web.messages import explain
from feedback.web.staff import people
from feedback.web.supervisor.target_board import send_sheet, sheet_views, target_lines
from feedback.wording import _

pages = Blueprint("targets", __name__, url_prefix="/staff/targets")


class SignedIn(Form):
    """A signature under a target as it was seen."""

    version = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))


@pages.get("")
def show() -> str:
    """The unit's targets, the latest period first."""
    return _page("")


@pages.post("/<int:target_id>/sign")
def sign(target_id: int) -> ResponseReturnValue:
    """Put the head's signature under a target."""
    if not can_be_key(target_id):
        raise NotFound
    try:
        sign_target(target_id, version=load(SignedIn)["version"], **by())
    except Unknown:
        raise NotFound from None
    except Invalid:
        return _page(_("Look at the target again, then sign it.")), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        return _page(explain(refused)), HTTPStatus.CONFLICT
    flash(_("The target is signed and in force."), "ok")
    return redirect(url_for("targets.show"), HTTPStatus.SEE_OTHER)


@pages.get("/sheets/<int:sheet_id>")
def download_sheet(sheet_id: int) -> ResponseReturnValue:
    """A commitment sheet of the unit as PDF; another unit's is as unknown as one there is not."""
    sheet = db.session().get(CommitmentSheet, sheet_id) if can_be_key(sheet_id) else None
    if sheet is None or sheet.unit_id != people.current().unit_id:
        raise NotFound
    return send_sheet(sheet)


def _page(problem: str) -> str:
    session, unit_id = db.session(), people.current().unit_id or 0
    found = targets.of_unit(session, unit_id)
    # Both are in the order of the periods.
    periods = groupby(target_lines(found), key=lambda line: line.period)
    sheets = sheet_views(found, targets.sheets_of_unit(session, unit_id))
    return render_template(
        "staff/targets.html",
        periods=[
            (list(lines), sheet) for (_name, lines), sheet in zip(periods, sheets, strict=True)
        ],
        problem=problem,
        shares=SHARES,
    )
