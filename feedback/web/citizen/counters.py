"""Rating a service counter: three faces, one tap, then a reason for who wants to give one."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, NotFound

from feedback.domain.codes import parse_code
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.states import CounterChannel, CounterReason, PhotoPurpose, RatingLevel
from feedback.extensions import csrf, db
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.rate_counter import (
    MAX_COUNTER_COMMENT,
    SAYING_MORE,
    rate_counter,
    say_more,
)
from feedback.operations.register_kiosk import hash_of as hash_of_invitation
from feedback.operations.register_kiosk import is_invited, register_kiosk
from feedback.storage.models import Counter, CounterRating
from feedback.storage.queries import counters
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.schemas import CounterRatingIn, SayingMoreIn
from feedback.web.context import city, now
from feedback.web.counter_words import counter_name, reason_choices
from feedback.web.devices import this_device
from feedback.web.forms import load
from feedback.web.kiosks import kiosk_at, remember_kiosk
from feedback.web.messages import explain_fields, sentence
from feedback.web.presenting import unit_name
from feedback.web.uploads import FormPhotos, form_photos


@pages.get("/c/<counter_code>")
def counter(counter_code: str) -> ResponseReturnValue:
    """The three faces of a counter."""
    found = _counter(counter_code)
    if found.code != counter_code:
        more: dict[str, Any] = {"qr": ""} if "qr" in request.args else {}
        address = url_for("citizen.counter", counter_code=found.code, **more)
        return redirect(address)
    return _faces(found, {})


@pages.post("/c/<counter_code>")
@csrf.exempt  # type: ignore[untyped-decorator]  # checked below: a kiosk must never be left on a page that only refuses
def send_counter_rating(counter_code: str) -> ResponseReturnValue:
    """Keep one press, and lead to where more can be said."""
    try:
        csrf.protect()
    except CSRFError:
        return _tap_again(counter_code)
    found = _counter(counter_code)
    sent = load(CounterRatingIn)
    kiosk = kiosk_at(found.id)
    level = sent["level"]
    try:
        token = rate_counter(
            found.id,
            level=RatingLevel(level) if level in set(RatingLevel) else None,
            device=f"kiosk-{kiosk.id}" if kiosk else this_device(),
            channel=CounterChannel.QR if sent["qr"] else CounterChannel.WEB,
            kiosk_id=kiosk.id if kiosk else None,
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        return _faces(found, explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    address = url_for("citizen.counter_thanks", counter_code=found.code, rating_token=token)
    return redirect(address, HTTPStatus.SEE_OTHER)


@pages.get("/c/<counter_code>/thanks/<rating_token>")
def counter_thanks(counter_code: str, rating_token: str) -> ResponseReturnValue:
    """Thanks for a press, and room to say more while it is fresh."""
    found, rating = _counter(counter_code), _rating(counter_code, rating_token)
    if now() - rating.rated_at > SAYING_MORE:
        return redirect(url_for("citizen.counter", counter_code=found.code))
    stored = {"level": rating.level, "reason": rating.reason, "comment": rating.comment}
    saved = request.args.get("saved") == "1"
    return _thanks(found, rating, stored, FormPhotos([]), {}, saved=saved)


@pages.post("/c/<counter_code>/thanks/<rating_token>")
def send_counter_thanks(counter_code: str, rating_token: str) -> ResponseReturnValue:
    """Keep a reason, a comment and photos."""
    found, rating = _counter(counter_code), _rating(counter_code, rating_token)
    photos = form_photos(PhotoPurpose.COUNTER)
    sent = load(SayingMoreIn)
    level, reason = sent["level"], sent["reason"]
    try:
        say_more(
            rating_token,
            level=RatingLevel(level) if level in set(RatingLevel) else None,
            reason=CounterReason(reason) if reason in set(CounterReason) else None,
            comment=sent["comment"],
            photo_ids=photos.ids,
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        photos.ids = [i for i in photos.ids if i not in refused.params.get("missing", ())]
        found, rating = _counter(counter_code), _rating(counter_code, rating_token)
        page = _thanks(found, rating, sent, photos, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict:
        return redirect(url_for("citizen.counter", counter_code=found.code), HTTPStatus.SEE_OTHER)
    for refusal in photos.refusals:
        flash(refusal, "warn")
    address = url_for(
        "citizen.counter_thanks", counter_code=found.code, rating_token=rating_token, saved=1
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


@pages.get("/c/kiosk/<invitation>")
def register_device(invitation: str) -> str:
    """The page of a one-time link, which asks whether this device is to be the kiosk."""
    kiosk = counters.invited(db.session(), hash_of_invitation(invitation))
    if kiosk is None or not is_invited(kiosk, now()):
        raise NotFound
    return render_template(
        "citizen/kiosk.html",
        kiosk={"name": kiosk.name, "counter": counter_name(kiosk.counter)},
        register_url=url_for("citizen.send_device", invitation=invitation),
    )


@pages.post("/c/kiosk/<invitation>")
def send_device(invitation: str) -> ResponseReturnValue:
    """Make this device the kiosk, and show it its faces."""
    registered = register_kiosk(invitation, city=city(), now=now())
    address = url_for("citizen.counter", counter_code=registered.counter_code)
    response = redirect(address, HTTPStatus.SEE_OTHER)
    remember_kiosk(response, registered)
    return response


def _tap_again(code: str) -> ResponseReturnValue:
    """The faces once more, for a press from a page whose session is over."""
    try:
        found = _counter(code)
    except NotFound:
        raise BadRequest from None
    return _faces(found, {"level": sentence("tap_again")}), HTTPStatus.BAD_REQUEST


def _counter(code: str) -> Counter:
    found = counters.by_code(db.session(), parse_code(code) or "")
    if found is None or not found.active:
        raise NotFound
    return found


def _rating(code: str, token: str) -> CounterRating:
    rating = counters.rating_by_token(db.session(), token)
    if rating is None or rating.counter.code != parse_code(code):
        raise NotFound
    return rating


def _about(found: Counter) -> dict[str, Any]:
    return {
        "counter": {"code": found.code, "name": counter_name(found), "unit": unit_name(found.unit)},
        "kiosk": kiosk_at(found.id) is not None,
        "faces_url": url_for("citizen.counter", counter_code=found.code),
    }


def _faces(found: Counter, errors: dict[str, str]) -> str:
    by_qr = "qr" in request.args or request.form.get("qr") == "1"
    return render_template("citizen/counter.html", **_about(found), qr=by_qr, errors=errors)


def _thanks(
    found: Counter,
    rating: CounterRating,
    values: dict[str, Any],
    photos: FormPhotos,
    errors: dict[str, str],
    *,
    saved: bool = False,
) -> str:
    return render_template(
        "citizen/counter_thanks.html",
        **_about(found),
        thanks_url=url_for(
            "citizen.counter_thanks", counter_code=found.code, rating_token=rating.token
        ),
        form=defaultdict(lambda: None, values),
        reasons=reason_choices(),
        photos=photos.kept(),
        errors=errors,
        saved=saved,
        limits={"photos": MAX_PHOTOS[PhotoPurpose.COUNTER], "text": MAX_COUNTER_COMMENT},
    )
