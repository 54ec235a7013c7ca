"""The page of a case, and the steps a unit takes on it."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.name_handler import name_handler
from feedback.operations.take_case import take_case
from feedback.web.documents import form_documents
from feedback.web.staff import people
from feedback.web.staff.case_page import case_page, visible_report
from feedback.web.staff.lists import came_from, case_url, finder
from feedback.web.staff.putting_texts import wants_text, with_text
from feedback.web.staff.schemas import AnswerIn, HandlerIn, SendBackIn, StepIn
from feedback.web.staff.taking_steps import by, own_case, take_step
from feedback.web.uploads import form_photos
from feedback.wording import _

pages = Blueprint("cases", __name__)


@pages.get("/staff/reports/<code>")
def show(code: str) -> ResponseReturnValue:
    """A case; a code in another spelling leads to its one address."""
    known = visible_report(code).code
    if known != code:
        return redirect(case_url(known, came_from().words))
    return case_page(code)


@pages.get("/staff/reports/<code>/next")
def show_next(code: str) -> ResponseReturnValue:
    """The case behind this one in the list it was opened from, or that list when it is the last."""
    report, source = visible_report(code), came_from()
    return redirect(finder(report, source)() or source.url or url_for("desk.start"))


@pages.post("/staff/reports/<code>/take")
def take(code: str) -> ResponseReturnValue:
    """Become the handler."""
    which = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        take_case(*which, version=sent["version"], **by())

    return take_step(code, "take", StepIn, act, _("The case is yours now."))


@pages.post("/staff/reports/<code>/handler")
def name(code: str) -> ResponseReturnValue:
    """Name the handler."""
    which = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        name_handler(*which, handler_id=sent["handler_id"], version=sent["version"], **by())

    return take_step(code, "handler", HandlerIn, act, _("The handler is named."), done_with=True)


@pages.post("/staff/reports/<code>/answer")
def answer(code: str) -> ResponseReturnValue:
    """Answer the case; photos that came stay with the form until it is accepted."""
    which = own_case(code)
    photos = form_photos(PhotoPurpose.EVIDENCE)
    documents = form_documents(people.current_actor())
    if wants_text():
        return with_text(code, "answer", "text", photos=photos, documents=documents)

    def act(sent: dict[str, Any]) -> None:
        if photos.refusals:
            raise Invalid({"photos": "some_refused"})
        if documents.refusals:
            raise Invalid({"documents": "some_refused"})
        said = Answer(
            outcome=sent["outcome"],
            text=sent["text"],
            photo_ids=photos.ids,
            document_ids=documents.ids,
            promised_on=sent["promised_on"],
            text_checked=sent["text_checked"],
        )
        answer_case(*which, said, version=sent["version"], **by())

    done = _("The answer is sent.")
    return take_step(
        code, "answer", AnswerIn, act, done, photos=photos, documents=documents, done_with=True
    )


@pages.post("/staff/reports/<code>/approve")
def approve(code: str) -> ResponseReturnValue:
    """Approve the answer."""
    which = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        approve_answer(*which, version=sent["version"], **by())

    return take_step(code, "approve", StepIn, act, _("The answer is approved."), done_with=True)


@pages.post("/staff/reports/<code>/send-back")
def send_back(code: str) -> ResponseReturnValue:
    """Send the answer back with a reason."""
    which = own_case(code)

    def act(sent: dict[str, Any]) -> None:
        send_back_answer(*which, reason=sent["reason"], version=sent["version"], **by())

    return take_step(
        code, "send-back", SendBackIn, act, _("The answer went back for more work."), done_with=True
    )
