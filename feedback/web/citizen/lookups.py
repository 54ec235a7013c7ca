"""Back to one's own report with its code and the contact that was given."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid, NotFound
from feedback.operations.look_up_report import look_up_report
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.schemas import LookUpIn
from feedback.web.context import city
from feedback.web.forms import load
from feedback.web.messages import explain, explain_fields


@pages.get("/find")
def look_up() -> str:
    """The form that asks for code and contact."""
    return _form({}, {})


@pages.post("/find")
def send_look_up() -> ResponseReturnValue:
    """Lead to the page of the secret link, or say one and the same to every wrong pair."""
    sent = load(LookUpIn)
    try:
        link = look_up_report(sent["code"], sent["contact"], city=city())
    except Invalid as refused:
        return _form(sent, explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotFound as refused:
        return _form(sent, {"code": explain(refused)}), HTTPStatus.NOT_FOUND
    address = url_for("citizen.show", code=link.code, token=link.token)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _form(values: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "citizen/lookup.html", form=defaultdict(lambda: None, values), errors=errors
    )
