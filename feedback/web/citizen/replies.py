"""Answering a unit's question, and downloading what proves its answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.states import PhotoPurpose
from feedback.extensions import db
from feedback.operations.answer_question import MAX_REPLY, answer_question
from feedback.operations.photos import MAX_PHOTOS
from feedback.storage.models import Report
from feedback.storage.queries import documents, histories
from feedback.storage.types import can_be_key
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.links import report_behind
from feedback.web.citizen.questions import Question, questions_to
from feedback.web.citizen.schemas import ReplyIn
from feedback.web.context import city, now
from feedback.web.documents import send_document
from feedback.web.forms import load
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import answered_by, title_of
from feedback.web.uploads import FormPhotos, form_photos


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and why it was not accepted; nothing on a fresh form."""

    values: Mapping[str, Any] = field(default_factory=dict)
    photos: FormPhotos = field(default_factory=lambda: FormPhotos([]))
    errors: Mapping[str, str] = field(default_factory=dict)


@pages.get("/r/<code>/<token>/questions/<int:question_id>")
def reply(code: str, token: str, question_id: int) -> ResponseReturnValue:
    """The form that answers a question; one that cannot be answered leads to the report."""
    report = report_behind(code, token)
    question = _question(report, code, token, question_id)
    if question is None:
        return redirect(url_for("citizen.show", code=code, token=token))
    return _form(report, question, token, Typed())


@pages.post("/r/<code>/<token>/questions/<int:question_id>")
def send_reply(code: str, token: str, question_id: int) -> ResponseReturnValue:
    """Send the answer to the unit."""
    report = report_behind(code, token)
    if not can_be_key(question_id):
        raise NotFound
    photos = form_photos(PhotoPurpose.REPLY)
    sent = load(ReplyIn)
    try:
        if photos.refusals:
            raise Invalid({"photos": "some_refused"})
        awaited = answer_question(
            report.id,
            question_id,
            text=sent["text"],
            photo_ids=photos.ids,
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        photos.ids = [i for i in photos.ids if i not in refused.params.get("missing", ())]
        typed = Typed(sent, photos, explain_fields(refused))
        return _form_again(code, token, question_id, typed)
    except Conflict as refused:
        flash(explain(refused), "warn")
        return _to_report(code, token)
    if awaited:
        flash(_("Thank you. The unit has your answer and goes on."), "ok")
    else:
        flash(_("Thank you. The unit had gone on meanwhile; it sees your answer too."), "ok")
    return _to_report(code, token)


@pages.get("/r/<code>/<token>/documents/<int:document_id>")
def document(code: str, token: str, document_id: int) -> ResponseReturnValue:
    """A document that proves the answer of the reporter's own report."""
    lead = answered_by(report_behind(code, token))
    if lead is None or not can_be_key(document_id):
        raise NotFound
    found = documents.evidence_of(db.session(), lead.id)
    return send_document(next((one for one in found if one.id == document_id), None))


def _to_report(code: str, token: str) -> ResponseReturnValue:
    return redirect(url_for("citizen.show", code=code, token=token), HTTPStatus.SEE_OTHER)


def _question(report: Report, code: str, token: str, question_id: int) -> Question | None:
    history = histories.of_report(db.session(), report.id)
    found = questions_to(report, history, code, token)
    return next((one for one in found if one.id == question_id), None)


def _form_again(code: str, token: str, question_id: int, typed: Typed) -> ResponseReturnValue:
    report = report_behind(code, token)
    question = _question(report, code, token, question_id)
    if question is None:
        return _to_report(code, token)
    return _form(report, question, token, typed), HTTPStatus.UNPROCESSABLE_ENTITY


def _form(report: Report, question: Question, token: str, typed: Typed) -> str:
    return render_template(
        "citizen/reply.html",
        report={"code": report.code, "title": title_of(report)},
        report_url=url_for("citizen.show", code=report.code, token=token),
        question=question,
        form=defaultdict(lambda: None, typed.values),
        photos=typed.photos.kept(),
        refusals=typed.photos.refusals,
        errors=typed.errors,
        limits={"photos": MAX_PHOTOS[PhotoPurpose.REPLY], "text": MAX_REPLY},
    )
