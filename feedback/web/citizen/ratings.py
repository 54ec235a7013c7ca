"""Rating a result: one tap, then a reason for who wants to give one."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose, RatingLevel, ReportState
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.rate_report import MAX_COMMENT, rate_report
from feedback.storage.models import Report
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.links import report_behind
from feedback.web.citizen.schemas import RatingIn
from feedback.web.citizen.tracking import rating_and_reopening
from feedback.web.context import city, now
from feedback.web.forms import load
from feedback.web.limits import RATE, seconds_to_wait, too_often
from feedback.web.messages import explain_fields
from feedback.web.presenting import title_of
from feedback.web.uploads import FormPhotos, form_photos, sent_ahead


@pages.get("/r/<code>/<token>/rating")
def rate(code: str, token: str) -> ResponseReturnValue:
    """The rating form, filled with the rating that counts so far."""
    report = report_behind(code, token)
    if report.state is not ReportState.CLOSED:
        return redirect(url_for("citizen.show", code=code, token=token))
    about = rating_and_reopening(report, code, token)
    said = about["rating"] or {}
    return _form(report, about, said, FormPhotos([]), {}, saved=request.args.get("saved") == "1")


@pages.post("/r/<code>/<token>/rating")
def send_rating(code: str, token: str) -> ResponseReturnValue:
    """Keep a rating, and offer to add a reason or to have the report reopened."""
    report = report_behind(code, token)
    sent = load(RatingIn)
    seconds = seconds_to_wait(RATE)
    if seconds:
        about = rating_and_reopening(report, code, token)
        page = _form(report, about, sent, sent_ahead(), {"level": too_often(seconds)})
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}
    photos = form_photos(PhotoPurpose.RATING)
    level = sent["level"]
    try:
        rate_report(
            report.id,
            level=RatingLevel(level) if level in set(RatingLevel) else None,
            comment=sent["comment"],
            photo_ids=photos.ids,
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        photos.ids = [i for i in photos.ids if i not in refused.params.get("missing", ())]
        report = report_behind(code, token)
        about = rating_and_reopening(report, code, token)
        page = _form(report, about, sent, photos, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    for refusal in photos.refusals:
        flash(refusal, "warn")
    return redirect(url_for("citizen.rate", code=code, token=token, saved=1), HTTPStatus.SEE_OTHER)


def _form(
    report: Report,
    about: dict[str, Any],
    values: dict[str, Any],
    photos: FormPhotos,
    errors: dict[str, str],
    *,
    saved: bool = False,
) -> str:
    return render_template(
        "citizen/rating.html",
        **about,
        report={"code": report.code, "title": title_of(report)},
        form=defaultdict(lambda: None, values),
        photos=photos.kept(),
        errors=errors,
        saved=saved,
        limits={"photos": MAX_PHOTOS[PhotoPurpose.RATING], "text": MAX_COMMENT},
    )
