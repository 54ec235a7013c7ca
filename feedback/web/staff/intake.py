"""A phone call or an e-mail becomes a report: one page, made for the keyboard."""

import re
from collections import defaultdict
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.domain.consents import CURRENT, known_version
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.states import Channel, PhotoPurpose, PlaceSource, ReportState
from feedback.extensions import db
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.submit_report import MAX_TEXT, ReportDraft, submit_report
from feedback.storage.models import Report
from feedback.storage.queries import cases, categories, places
from feedback.web import context
from feedback.web.forms import load
from feedback.web.languages import LANGUAGES
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import area_name, name_of, title_of, unit_name
from feedback.web.staff import people
from feedback.web.staff.intake_schemas import IntakeIn
from feedback.web.uploads import FormPhotos, form_photos
from feedback.wording import _

pages = Blueprint("intake", __name__)
POINT = re.compile(r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*")
LONGEST_POINT = 60
CHANNELS = (Channel.PHONE, Channel.EMAIL)


@pages.get("/staff/intake")
def show() -> str:
    """An empty form, below what became of the report sent just before."""
    channel = request.args.get("channel", "")
    values = {
        "submission_id": str(uuid4()),
        "channel": channel if channel in CHANNELS else Channel.PHONE,
        "language": LANGUAGES[0],
    }
    return _page(values, FormPhotos([]), {}, sent=_sent_just_now())


@pages.post("/staff/intake")
def send() -> ResponseReturnValue:
    """Accept the report on behalf of who called or wrote."""
    photos = form_photos(PhotoPurpose.REPORT)
    try:
        draft = _draft(photos)
        receipt = submit_report(
            draft, city=context.city(), now=context.now(), actor=people.current_actor()
        )
    except Invalid as refused:
        photos.ids = [i for i in photos.ids if i not in refused.params.get("missing", ())]
        return _again(photos, explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        return _again(photos, {"text": explain(refused)}), HTTPStatus.CONFLICT
    address = url_for("intake.show", sent=receipt.code, channel=draft.channel.value)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _draft(photos: FormPhotos) -> ReportDraft:
    sent = load(IntakeIn)
    if photos.refusals:
        raise Invalid({"photos": "some_refused"})
    latitude, longitude = _point(sent.pop("point"))
    consent = sent.pop("consent")
    return ReportDraft(
        **sent,
        latitude=latitude,
        longitude=longitude,
        place_source=None if latitude is None else PlaceSource.MAP,
        photo_ids=tuple(photos.ids),
        consent_version=known_version(consent),
    )


def _point(typed: str) -> tuple[float | None, float | None]:
    """Latitude and longitude as people copy them from a map: "16.4637, 107.5909".

    Raises Invalid naming `point` when something else was typed.
    """
    if not typed.strip():
        return None, None
    match = POINT.fullmatch(typed) if len(typed) <= LONGEST_POINT else None
    if match is None:
        raise Invalid({"point": "not_a_point"})
    latitude, longitude = (float(part.replace(",", ".")) for part in match.groups())
    return latitude, longitude


def _again(photos: FormPhotos, errors: dict[str, str]) -> str:
    values: dict[str, Any] = {**request.form}
    try:
        values["submission_id"] = str(UUID(values.get("submission_id", "")))
    except ValueError:
        values["submission_id"] = str(uuid4())
    if "place" in errors:
        at_fault = "point" if values.get("point") else "address_text"
        errors = {at_fault if name == "place" else name: said for name, said in errors.items()}
    return _page(values, photos, errors)


def _page(
    values: dict[str, Any],
    photos: FormPhotos,
    errors: dict[str, str],
    sent: dict[str, Any] | None = None,
) -> str:
    session, today = db.session(), context.today()
    offered: defaultdict[str, list[Any]] = defaultdict(list)
    for category in categories.categories_on(session, today):
        offered[name_of(category.group)].append(category)
    return render_template(
        "staff/intake.html",
        form=defaultdict(lambda: None, values),
        errors=errors,
        photos=photos,
        sent_report=sent,
        channel_choices=[
            (Channel.PHONE.value, _("Phone call")),
            (Channel.EMAIL.value, _("E-mail")),
        ],
        language_choices=[(LANGUAGES[0], "Tiếng Việt"), (LANGUAGES[1], "English")],
        category_groups=[
            (group, [(c.id, name_of(c), c.keywords) for c in found])
            for group, found in offered.items()
        ],
        area_choices=[(a.id, area_name(a)) for a in places.names_on(session, today)],
        consent=CURRENT,
        limits={"text": MAX_TEXT, "photos": MAX_PHOTOS[PhotoPurpose.REPORT]},
    )


def _sent_just_now() -> dict[str, Any] | None:
    """What became of the report whose code the address names."""
    if not request.args.get("sent"):
        return None
    report = cases.by_code(db.session(), parse_code(request.args["sent"]) or "")
    if report is None:
        raise NotFound
    return _outcome(report)


def _outcome(report: Report) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": title_of(report),
        "routed": report.state is not ReportState.RECEIVED,
        "unit": unit_name(report.unit),
        "due": report.due,
        "spelt": _spelt(report.code),
    }


def _spelt(code: str) -> str:
    """A code sign by sign, as it is read out on the phone."""
    return " ".join(sign for sign in code if sign != "-")
