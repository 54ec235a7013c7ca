"""Counters: the list, each one's page with its kiosks, and the sheet to print."""

from typing import Any

from flask import Blueprint, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from marshmallow import fields

from feedback.domain.reference_changes import ReferenceKind
from feedback.extensions import db
from feedback.operations.register_kiosk import end_kiosk, invite_kiosk, is_invited
from feedback.operations.save_counter import CounterDraft, change_counter, create_counter
from feedback.storage.models import Counter, Kiosk
from feedback.storage.queries import counters as queries
from feedback.storage.queries import units
from feedback.web import context
from feedback.web.addresses import full_url
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangeIn, key
from feedback.web.counter_words import counter_name
from feedback.web.forms import Form
from feedback.web.presenting import unit_name
from feedback.web.qr_codes import drawn
from feedback.web.templating import city_name
from feedback.wording import _

pages = Blueprint("counters", __name__, url_prefix="/admin/counters")
LINK = "kiosk_link"
LANGUAGES = ("vi", "en")


class CounterIn(Form):
    """What a form says of a counter."""

    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    unit_id = key(load_default=None)


class NewCounterIn(CounterIn):
    """A new counter."""

    note = fields.String(load_default="")


class ChangedCounterIn(CounterIn, ChangeIn):
    """A counter changed."""

    active = fields.Boolean(load_default=False)


class KioskIn(Form):
    """A device for a counter."""

    kiosk_name = fields.String(load_default="")


@pages.get("")
def show() -> str:
    """Every counter, those in use first."""
    session = db.session()
    listed = queries.listed(session)
    totals = queries.totals(session, [one.id for one in listed])
    return render_template(
        "admin/counters.html",
        counters=[{**_view(one), "ratings": totals.get(one.id, 0)} for one in listed],
    )


@pages.get("/new")
def new() -> str:
    """The form for a new counter."""
    return _new_page(Entered())


@pages.post("/new")
def send_new() -> ResponseReturnValue:
    """Set up a counter."""

    def act(sent: dict[str, Any]) -> str:
        note = sent.pop("note")
        counter_id = create_counter(CounterDraft(**sent), note=note, **by())
        return url_for("counters.one", counter_id=counter_id)

    return answer("counter", NewCounterIn, act, _new_page, _("The counter is set up."))


@pages.get("/<int:counter_id>")
def one(counter_id: int) -> str:
    """What is known of a counter, to be read and changed, and its kiosks."""
    return _page(counter_id, Entered())


@pages.post("/<int:counter_id>")
def send(counter_id: int) -> ResponseReturnValue:
    """Change what is known of a counter."""
    found(queries.by_id(db.session(), counter_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_counter(counter_id, CounterDraft(**sent), seen=seen, note=note, **by())
        return url_for("counters.one", counter_id=counter_id)

    return answer(
        "counter",
        ChangedCounterIn,
        act,
        lambda entered: _page(counter_id, entered),
        _("The changes are kept."),
    )


@pages.post("/<int:counter_id>/kiosks")
def send_kiosk(counter_id: int) -> ResponseReturnValue:
    """Announce a device; its one-time link is shown once, on the page that follows."""
    found(queries.by_id(db.session(), counter_id))

    def act(sent: dict[str, Any]) -> str:
        _kiosk_id, secret = invite_kiosk(counter_id, sent["kiosk_name"], **by())
        session[LINK] = [counter_id, secret]
        return url_for("counters.one", counter_id=counter_id, _anchor="kiosks")

    return answer(
        "kiosk",
        KioskIn,
        act,
        lambda entered: _page(counter_id, entered),
        _("Open the link below on the device, within a day."),
    )


@pages.post("/kiosks/<int:kiosk_id>/end")
def send_end(kiosk_id: int) -> ResponseReturnValue:
    """Know a device no longer."""

    def act(_sent: dict[str, Any]) -> str:
        return url_for("counters.one", counter_id=end_kiosk(kiosk_id, **by()), _anchor="kiosks")

    kiosk: Kiosk = found(queries.kiosk(db.session(), kiosk_id))
    counter_id = kiosk.counter_id
    return answer(
        "end", Form, act, lambda entered: _page(counter_id, entered), _("The device is let go.")
    )


@pages.get("/<int:counter_id>/sheet")
def sheet(counter_id: int) -> str:
    """An A4 sheet with the counter's QR code, in both languages, to be printed."""
    counter: Counter = found(queries.by_id(db.session(), counter_id))
    address = full_url("citizen.counter", counter_code=counter.code)
    return render_template(
        "admin/counter_sheet.html",
        counter=_view(counter),
        address=address,
        qr_svg=drawn(f"{address}?qr", fills=True),
        sides=[_side(language, counter) for language in LANGUAGES],
    )


def _side(language: str, counter: Counter) -> dict[str, str]:
    """What the sheet says in one language."""
    with force_locale(language):
        return {
            "language": language,
            "city": city_name(),
            "unit": unit_name(counter.unit),
            "name": counter_name(counter),
            "question": _("How were you served?"),
            "how": _("Scan the code with your phone and tap a face."),
            "promise": _("One tap is enough. Nobody learns who rated."),
        }


def _new_page(entered: Entered) -> str:
    return render_template(
        "admin/counter_new.html",
        form=entered.form("counter", {}),
        errors=entered.errors,
        units=_units(),
    )


def _page(counter_id: int, entered: Entered) -> str:
    store = db.session()
    counter: Counter = found(queries.by_id(store, counter_id))
    stored = {name: getattr(counter, name) for name in ("name_vi", "name_en", "unit_id", "active")}
    totals = queries.totals(store, [counter.id])
    link = session.get(LINK) if request.method == "GET" else None
    if link:
        session.pop(LINK)
    return render_template(
        "admin/counter.html",
        counter={
            **_view(counter),
            "ratings": totals.get(counter.id, 0),
        },
        form=entered.form("counter", stored),
        kiosk_form=entered.form("kiosk", {}),
        errors=entered.errors,
        past=past_of(ReferenceKind.COUNTER, counter.id, entered),
        units=_units(counter.unit_id),
        kiosks=[_kiosk_view(kiosk) for kiosk in queries.kiosks_of(store, counter.id)],
        kiosk_link=(
            full_url("citizen.register_device", invitation=link[1])
            if link and link[0] == counter.id
            else None
        ),
    )


def _view(counter: Counter) -> dict[str, Any]:
    return {
        "id": counter.id,
        "code": counter.code,
        "name": counter_name(counter),
        "unit": unit_name(counter.unit),
        "active": counter.active,
        "address": full_url("citizen.counter", counter_code=counter.code),
    }


def _kiosk_view(kiosk: Kiosk) -> dict[str, Any]:
    if kiosk.ended_at is not None:
        state = "ended"
    elif kiosk.registered_at is not None:
        state = "registered"
    else:
        state = "invited" if is_invited(kiosk, context.now()) else "lapsed"
    return {
        "id": kiosk.id,
        "name": kiosk.name,
        "state": state,
        "since": kiosk.ended_at or kiosk.registered_at or kiosk.created_at,
        "until": kiosk.invited_until,
    }


def _units(kept: int | None = None) -> list[tuple[int, str]]:
    """The units there are today, and the counter's own one."""
    store = db.session()
    shown = [(unit.id, unit_name(unit)) for unit in units.units_on(store, context.today())]
    if kept is not None and kept not in {unit_id for unit_id, _name in shown}:
        unit = units.by_id(store, kept)
        shown += [(kept, unit_name(unit))] if unit is not None else []
    return shown
