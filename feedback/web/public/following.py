"""'I see this too': a device follows somebody else's report, with news by e-mail if wanted."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from marshmallow import fields
from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.domain.consents import CURRENT
from feedback.domain.errors import Invalid
from feedback.extensions import db
from feedback.operations.follow_report import (
    ask_for_news,
    confirm_news,
    follow_report,
    stop_following,
    stop_news,
)
from feedback.storage.queries import followers, report_pages
from feedback.web.context import city, now
from feedback.web.devices import known_device, this_device
from feedback.web.forms import Form, load
from feedback.web.messages import explain_fields
from feedback.web.public.blueprint import pages
from feedback.web.public.reports import report_page


class NewsIn(Form):
    """The form that asks for news by e-mail."""

    email = fields.String(load_default="")
    consent = fields.Boolean(load_default=False)


@pages.post("/reports/<code>/follow")
def follow(code: str) -> ResponseReturnValue:
    """Count this device among those who see it too."""
    report_id, known = _published(code)
    follow_report(
        report_id, device=this_device(), language=str(get_locale()), city=city(), now=now()
    )
    return _back(known)


@pages.post("/reports/<code>/unfollow")
def unfollow(code: str) -> ResponseReturnValue:
    """Count this device no longer, and forget its address."""
    report_id, known = _published(code)
    device = known_device()
    if device is not None:
        stop_following(report_id, device=device, city=city())
    return _back(known)


@pages.post("/reports/<code>/news")
def ask_news(code: str) -> ResponseReturnValue:
    """Keep the address that news are wanted at."""
    report_id, known = _published(code)
    sent = load(NewsIn)
    try:
        ask_for_news(
            report_id,
            device=this_device(),
            email=sent["email"],
            consent_version=CURRENT.version if sent["consent"] else "",
            language=str(get_locale()),
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        page = report_page(known, values=sent, errors=explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(known)


@pages.get("/following/<letter_token>/confirm")
def confirm_by_letter(letter_token: str) -> str:
    """The page a letter leads to, which asks whether news are wanted at the address."""
    follower = followers.by_token(db.session(), letter_token)
    if follower is None or follower.sealed is None:
        raise NotFound
    return render_template(
        "public/confirm_news.html",
        code=report_pages.code_of(db.session(), follower.report_id),
        confirmed=follower.confirmed_at is not None,
        confirm_url=url_for("public.send_confirmation", letter_token=letter_token),
        stop_url=url_for("public.stop_by_letter", letter_token=letter_token),
    )


@pages.post("/following/<letter_token>/confirm")
def send_confirmation(letter_token: str) -> ResponseReturnValue:
    """Send news to the address from now on."""
    report_id = confirm_news(letter_token, city=city(), now=now())
    flash(_("Thank you. You get news of this report by e-mail."), "ok")
    code = report_pages.published_code_of(db.session(), report_id)
    address = url_for("public.show_report", code=code) if code else url_for("public.home")
    return redirect(address, HTTPStatus.SEE_OTHER)


@pages.get("/following/<letter_token>")
def stop_by_letter(letter_token: str) -> str:
    """The page a letter leads to, which asks whether the following is to end."""
    follower = followers.by_token(db.session(), letter_token)
    if follower is None:
        raise NotFound
    return render_template(
        "public/unfollow.html",
        code=report_pages.code_of(db.session(), follower.report_id),
        stop_url=url_for("public.send_stop_by_letter", letter_token=letter_token),
    )


@pages.post("/following/<letter_token>")
def send_stop_by_letter(letter_token: str) -> ResponseReturnValue:
    """End the following."""
    stop_news(letter_token, city=city())
    flash(_("You get no more news of this report."), "ok")
    return redirect(url_for("public.home"), HTTPStatus.SEE_OTHER)


def _published(code: str) -> tuple[int, str]:
    """The id of a published report and its code in its one spelling. Raises NotFound."""
    known = parse_code(code)
    report_id = report_pages.public_by_code(db.session(), known) if known else None
    if known is None or report_id is None:
        raise NotFound
    return report_id, known


def _back(code: str) -> ResponseReturnValue:
    address = url_for("public.show_report", code=code, _anchor="follow")
    return redirect(address, HTTPStatus.SEE_OTHER)
