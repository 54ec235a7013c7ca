"""How every form of a case page is answered: done, or the same page with what to mend."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.web import context
from feedback.web.documents import FormDocuments
from feedback.web.forms import Form, load
from feedback.web.messages import explain_fields
from feedback.web.staff import people
from feedback.web.staff.case_page import case_page, visible_report
from feedback.web.staff.lists import came_from, case_url, finder
from feedback.web.staff.sent import Sent
from feedback.web.staff.steps import own_assignment
from feedback.web.uploads import FormPhotos
from feedback.wording import _


def take_step(
    code: str,
    name: str,
    schema: type[Form],
    act: Callable[[dict[str, Any]], None],
    done: str,
    *,
    photos: FormPhotos | None = None,
    documents: FormDocuments | None = None,
    done_with: bool = False,
) -> ResponseReturnValue:
    """Read a form, take the step and go back to the case with the words `done`.

    A step after which the person is `done_with` the case leads on to the next one of the list they
    came from, where the form names one.

    What was refused comes back on the case's page with all that was typed: 422 with sentences at
    the fields, 409 with what has changed meanwhile.
    """
    sent = Sent(
        name,
        request.form,
        photos=photos or FormPhotos([]),
        documents=documents or FormDocuments(),
    )
    source = came_from()
    following = finder(visible_report(code), source) if done_with and source.words else None
    try:
        act(load(schema))
    except Invalid as refused:
        gone = refused.params.get("missing", ())
        sent.photos.ids = [upload_id for upload_id in sent.photos.ids if upload_id not in gone]
        sent.documents.ids = [key for key in sent.documents.ids if key not in gone]
        sent.errors = explain_fields(refused)
        return case_page(code, sent), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        sent.conflict = refused
        sent.seen_version = request.form.get("version", type=int)
        return case_page(code, sent), HTTPStatus.CONFLICT
    here = case_url(code, source.words)
    if following is None:
        flash(done, "ok")
        return redirect(here, HTTPStatus.SEE_OTHER)
    onward = following()
    flash(_of_the_case_before(code, here, done, last=not onward), "ok")
    return redirect(onward or source.url, HTTPStatus.SEE_OTHER)


def _of_the_case_before(code: str, url: str, done: str, *, last: bool) -> Markup:
    """What was done, with the way back to it: the page that shows this is another case's."""
    words = Markup('<a href="{}">{}</a>: {}').format(url, code, done)
    return words + " " + escape(_("That was the last case of this list.")) if last else words


def own_case(code: str) -> tuple[int, int]:
    """The ids of a report and of its assignment at the person's unit.

    Raises NotFound for a report of another unit, NotAllowed for somebody who belongs to none.
    """
    report = visible_report(code)
    own = own_assignment(report, people.current_actor())
    if own is None:
        raise NotAllowed("not_your_unit")
    return report.id, own.id


def by() -> dict[str, Any]:
    """What every use case is told of who acts where and when."""
    return {"actor": people.current_actor(), "city": context.city(), "now": context.now()}
