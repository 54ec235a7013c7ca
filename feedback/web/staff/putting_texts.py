"""A form of a case's page that asks for a text to be put in, instead of taking its step."""

from http import HTTPStatus

from flask import request
from flask.typing import ResponseReturnValue

from feedback.web.documents import FormDocuments
from feedback.web.forms import key_in
from feedback.web.staff import people
from feedback.web.staff.case_page import case_page, visible_report
from feedback.web.staff.reply_texts import texts_for
from feedback.web.staff.sent import Sent
from feedback.web.staff.steps import own_assignment
from feedback.web.uploads import FormPhotos

INSERT = "insert"


def wants_text() -> bool:
    """Whether the form was sent to have a text put in, not to take its step."""
    return INSERT in request.form


def with_text(
    code: str,
    form: str,
    field: str,
    *,
    photos: FormPhotos | None = None,
    documents: FormDocuments | None = None,
) -> ResponseReturnValue:
    """The case's page with the chosen text behind what was typed into a field; nothing is lost."""
    report = visible_report(code)
    own = own_assignment(report, people.current_actor())
    chosen = key_in(request.form, "template_id")
    known = {key: text for key, _name, text in texts_for(report, own)} if own else {}
    typed = request.form.get(field, "").rstrip()
    values = request.form.to_dict()
    values[field] = "\n\n".join(part for part in (typed, known.get(chosen or 0, "")) if part)
    sent = Sent(
        form,
        values,
        photos=photos or FormPhotos([]),
        documents=documents or FormDocuments(),
    )
    return case_page(code, sent), HTTPStatus.OK
