"""The report form: one plain form that a script may turn into steps."""

import re
from collections import defaultdict
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError

from feedback.domain.consents import CURRENT, known_version
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.states import PhotoPurpose
from feedback.extensions import csrf, db
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.submit_report import MAX_TEXT, Receipt, ReportDraft, submit_report
from feedback.storage.models import Category
from feedback.storage.queries import categories, places
from feedback.web.addresses import full_url
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.schemas import ReportIn
from feedback.web.context import city, now, settings, today
from feedback.web.errors import problem, wants_json
from feedback.web.forms import load
from feedback.web.limits import SUBMIT, seconds_to_wait, too_often
from feedback.web.messages import explain, explain_fields, script_messages, sentence
from feedback.web.presenting import area_name, name_of
from feedback.web.uploads import FormPhotos, form_photos, sent_ahead

ROW_NUMBER = re.compile(r"[0-9]{1,9}")
NO_ROW = 0


@pages.get("/report")
def new_report() -> str:
    """An empty form, with the id that makes a repeated send harmless."""
    return _form({"submission_id": str(uuid4())}, FormPhotos([]), {})


@pages.post("/report")
@csrf.exempt  # type: ignore[untyped-decorator]  # checked below, so that a form with an old token comes back filled
def send_report() -> ResponseReturnValue:
    """Accept a report; what cannot be accepted comes back with all that was typed."""
    try:
        csrf.protect()
    except CSRFError:
        return _again(sent_ahead(), {"form": sentence("form_expired")}, HTTPStatus.BAD_REQUEST)
    seconds = seconds_to_wait(SUBMIT)
    if seconds:
        errors = {"form": too_often(seconds)}
        held = make_response(_again(sent_ahead(), errors, HTTPStatus.TOO_MANY_REQUESTS))
        held.headers["Retry-After"] = str(seconds)
        return held
    photos = form_photos(PhotoPurpose.REPORT)
    try:
        receipt = submit_report(_draft(photos), city=city(), now=now())
    except Invalid as refused:
        photos.ids = [i for i in photos.ids if i not in refused.params.get("missing", ())]
        if "category_id" not in request.form:
            refused.fields["category_id"] = "required"
        return _again(photos, explain_fields(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as refused:
        return problem(
            HTTPStatus.CONFLICT,
            refused.code,
            explain(refused),
            again_url=url_for("citizen.new_report", fresh=1),
        )
    return _accepted(receipt, photos)


def _draft(photos: FormPhotos) -> ReportDraft:
    sent = load(ReportIn)
    category = sent.pop("category_id")
    return ReportDraft(
        **{name: value for name, value in sent.items() if name != "consent"},
        category_id=None if category == "" else _number(category),
        photo_ids=tuple(photos.ids),
        consent_version=known_version(sent["consent"]),
        language=str(get_locale()),
    )


def _number(sent: str | None) -> int:
    """The number of a category. What is none becomes one that no category has, so that it is
    refused together with everything else that is wrong."""
    return int(sent) if sent and ROW_NUMBER.fullmatch(sent) else NO_ROW


def _accepted(receipt: Receipt, photos: FormPhotos) -> ResponseReturnValue:
    link: dict[str, Any] = {"code": receipt.code, "token": receipt.token}
    if wants_json():
        body = {
            "code": receipt.code,
            "link": full_url("citizen.show", **link),
            "due": receipt.due.isoformat() if receipt.due else None,
            "left_out": photos.refusals,
        }
        return jsonify(body), HTTPStatus.OK if receipt.repeated else HTTPStatus.CREATED
    for refusal in photos.refusals:
        flash(refusal, "warn")
    return redirect(url_for("citizen.receipt", **link), HTTPStatus.SEE_OTHER)


def _again(photos: FormPhotos, errors: dict[str, str], status: HTTPStatus) -> ResponseReturnValue:
    if wants_json():
        return problem(status, "invalid", " ".join(errors.values()), errors)
    if photos.refusals:
        errors = {**errors, "photos": " ".join(photos.refusals)}
    values: dict[str, Any] = {**request.form}
    values["submission_id"] = _usable_id(values.get("submission_id", ""))
    return _form(values, photos, errors), status


def _usable_id(sent: str) -> str:
    """The form's own id, or a new one where that cannot be read: its form could never be sent."""
    try:
        return str(UUID(sent))
    except ValueError:
        return str(uuid4())


def _form(values: dict[str, Any], photos: FormPhotos, errors: dict[str, str]) -> str:
    session = db.session()
    areas = places.areas_on(session, today())
    return render_template(
        "citizen/report_form.html",
        form=defaultdict(lambda: None, values),
        errors=errors,
        photos=photos.kept(),
        limits={"photos": MAX_PHOTOS[PhotoPurpose.REPORT], "text": MAX_TEXT},
        area_choices=[(area.id, area_name(area)) for area in areas],
        category_groups=_grouped(categories.categories_on(session, today())),
        map=_map(any(area.approximate for area in areas)),
        consent=CURRENT,
        messages=script_messages(),
    )


def _grouped(offered: Any) -> list[SimpleNamespace]:
    groups: dict[int, SimpleNamespace] = {}
    for category in offered:
        group = groups.setdefault(
            category.group_id, SimpleNamespace(name=name_of(category.group), categories=[])
        )
        group.categories.append(_choice(category))
    return list(groups.values())


def _choice(category: Category) -> SimpleNamespace:
    return SimpleNamespace(
        id=category.id, name=name_of(category), keywords=category.keywords, hint=""
    )


def _map(approximate: bool) -> SimpleNamespace:
    latitude, longitude = settings().map_center
    return SimpleNamespace(
        latitude=latitude,
        longitude=longitude,
        tiles_url=settings().map_tiles_url,
        tiles_attribution=settings().map_tiles_attribution,
        approximate=approximate,
    )
