"""The steps of a unit beside its answer: ask the citizen, give back, ask the operations centre."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.keep_promise import Proof, keep_promise
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.withdraw_request import withdraw_request
from feedback.web.staff.putting_texts import wants_text, with_text
from feedback.web.staff.schemas import AskIn, ExtensionIn, PromiseIn, ReturnIn, StepIn, TransferIn
from feedback.web.staff.taking_steps import by, own_case, take_step
from feedback.web.uploads import form_photos
from feedback.wording import _

pages = Blueprint("unit", __name__)


@pages.post("/staff/reports/<code>/ask")
def ask(code: str) -> ResponseReturnValue:
    """Ask the citizen."""
    report_id, own_id = own_case(code)
    if wants_text():
        return with_text(code, "ask", "question")

    def act(sent: dict[str, Any]) -> None:
        ask_citizen(report_id, own_id, **sent, **by())

    done = _("The question is on the citizen's page.")
    return take_step(code, "ask", AskIn, act, done, done_with=True)


@pages.post("/staff/reports/<code>/return")
def give_back(code: str) -> ResponseReturnValue:
    """Return the case to the operations centre."""
    report_id, own_id = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        return_case(report_id, own_id, **sent, **by())

    done = _("The case is back at the operations centre.")
    return take_step(code, "return", ReturnIn, act, done, done_with=True)


@pages.post("/staff/reports/<code>/transfer-proposal")
def propose(code: str) -> ResponseReturnValue:
    """Propose that another unit handles it."""
    report_id, own_id = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        propose_transfer(report_id, own_id, **sent, **by())

    return take_step(code, "propose", TransferIn, act, _("The operations centre will decide."))


@pages.post("/staff/reports/<code>/extension")
def extend(code: str) -> ResponseReturnValue:
    """Ask for a later deadline."""
    report_id, own_id = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        request_extension(report_id, own_id, **sent, **by())

    return take_step(code, "extend", ExtensionIn, act, _("The operations centre will decide."))


@pages.post("/staff/reports/<code>/promise")
def show_kept_promise(code: str) -> ResponseReturnValue:
    """Show that what the answer promised is done."""
    report_id, own_id = own_case(code)
    photos = form_photos(PhotoPurpose.NOTE)

    def act(sent: dict[str, Any]) -> None:
        if photos.refusals:
            raise Invalid({"photos": "some_refused"})
        proof = Proof(text=sent["text"], photo_ids=photos.ids, text_checked=sent["text_checked"])
        keep_promise(report_id, own_id, proof, version=sent["version"], **by())

    done = _("It is on the report's page, and those who wait for it are told.")
    return take_step(code, "promise", PromiseIn, act, done, photos=photos, done_with=True)


@pages.post("/staff/reports/<code>/requests/<int:request_id>/withdraw")
def take_back(code: str, request_id: int) -> ResponseReturnValue:
    """Take back what was asked of the operations centre."""
    report_id, _own = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        withdraw_request(report_id, request_id, version=sent["version"], **by())

    return take_step(code, "take-back", StepIn, act, _("It is taken back."))
