"""Letters of apology on the head's desk: what is to be signed, what was signed."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.letters import UNSIGNED, DiscardReason, LetterState
from feedback.domain.text import normalise, private_traces
from feedback.extensions import db
from feedback.operations.edit_letter import MAX_REASON, LetterDraft, edit_letter
from feedback.operations.letter_text import letter_text
from feedback.operations.sign_letter import sign_letter
from feedback.storage.models import Letter
from feedback.storage.queries import letters
from feedback.storage.types import LARGEST_KEY, can_be_key
from feedback.web import context
from feedback.web.admin.editing import Entered, by
from feedback.web.documents import send_pdf
from feedback.web.forms import Form, load
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import area_name, name_of, title_of
from feedback.web.staff import people
from feedback.wording import _

pages = Blueprint("letters", __name__, url_prefix="/staff/letters")

SHOWN_TO_SIGN = 100
SHOWN_SIGNED = 50


class LetterIn(Form):
    """What a head writes into a letter, as it was seen."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))
    reason = fields.String(load_default="")
    new_date = fields.Date(load_default=None)


class SignedLetterIn(LetterIn):
    """The same, to be signed."""

    text_checked = fields.Boolean(load_default=False)


@pages.get("")
def show() -> str:
    """The letters to sign, the earliest due moment first, and those signed last."""
    session, unit_id = db.session(), people.current().unit_id or 0
    return render_template(
        "staff/letters.html",
        count=letters.count_to_sign(session, unit_id),
        to_sign=[_item(one) for one in letters.to_sign(session, unit_id, SHOWN_TO_SIGN)],
        signed=[_item(one) for one in letters.signed_by_unit(session, unit_id, SHOWN_SIGNED)],
        template=letters.template_on(session, context.today()),
    )


@pages.get("/<int:letter_id>")
def one(letter_id: int) -> str:
    """A letter as it would be printed, with what the head may change."""
    return _page(_own(letter_id), Entered())


@pages.post("/<int:letter_id>")
def send(letter_id: int) -> ResponseReturnValue:
    """Keep reason and new day."""
    letter = _own(letter_id)

    def act(sent: dict[str, Any]) -> None:
        edit_letter(letter_id, _draft(sent), version=sent["seen"], **by())

    return _answer(letter, LetterIn, act, _("The changes are kept."))


@pages.post("/<int:letter_id>/sign")
def sign(letter_id: int) -> ResponseReturnValue:
    """Sign the letter."""
    letter = _own(letter_id)

    def act(sent: dict[str, Any]) -> None:
        checked = sent["text_checked"]
        sign_letter(letter_id, _draft(sent), text_checked=checked, version=sent["seen"], **by())

    done = _("The letter is signed. It is being printed and the citizen is told.")
    return _answer(letter, SignedLetterIn, act, done)


@pages.get("/<int:letter_id>/pdf")
def pdf(letter_id: int) -> ResponseReturnValue:
    """The issued letter."""
    letter = _own(letter_id)
    if letter.state is not LetterState.ISSUED or not letter.file_key:
        raise NotFound
    return send_pdf(letter.file_key, f"{letter.report.code}-{letter.number}.pdf")


def _own(letter_id: int) -> Letter:
    """A letter of the head's own unit; another's is as unknown as one that does not exist."""
    found = letters.with_all(db.session(), letter_id) if can_be_key(letter_id) else None
    if found is None or found.unit_id != people.current().unit_id:
        raise NotFound
    return found


def _draft(sent: dict[str, Any]) -> LetterDraft:
    return LetterDraft(reason=sent["reason"], new_date=sent["new_date"])


def _answer(letter: Letter, schema: type[Form], act: Any, done: str) -> ResponseReturnValue:
    """Do what the form says; what was refused comes back with all that was typed."""
    entered, letter_id = Entered("letter", request.form), letter.id
    try:
        act(load(schema))
    except Invalid as refused:
        entered.errors = explain_fields(refused)
        return _page(_own(letter_id), entered), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        entered.errors = {"form": explain(refused)}
        return _page(_own(letter_id), entered), HTTPStatus.CONFLICT
    flash(done, "ok")
    return redirect(url_for("letters.one", letter_id=letter_id), HTTPStatus.SEE_OTHER)


def _page(letter: Letter, entered: Entered) -> str:
    form = entered.form("letter", {"reason": letter.reason, "new_date": letter.new_date})
    now = context.now()
    lead = letters.lead_of(db.session(), letter)
    return render_template(
        "staff/letter.html",
        letter=_item(letter),
        paper=letter.text or letter_text(letter, zone=context.city().zone),
        fingerprint=letter.fingerprint,
        form=form,
        errors=entered.errors,
        open=letter.state in UNSIGNED,
        late=letter.due < now,
        has_traces=bool(private_traces(normalise(str(form.get("reason") or "")))),
        may_extend=lead is not None and letter.round.closed_at is None,
        limit=MAX_REASON,
    )


def _item(letter: Letter) -> dict[str, Any]:
    report = letter.report
    return {
        "id": letter.id,
        "version": letter.version,
        "code": report.code,
        "title": title_of(report),
        "category": name_of(report.category),
        "place": area_name(report.area),
        "due": letter.due,
        "late": letter.due < context.now(),
        "number": letter.number,
        "new_date": letter.new_date,
        "state": letter.state.value,
        "state_word": state_word(letter.state),
        "signed_at": letter.signed_at,
        "signer": letter.signed_by.name if letter.signed_by else "",
        "discarded_because": discard_word(letter.discarded_because),
        "closed_at": letter.round.closed_at,
    }


def state_word(state: LetterState) -> str:
    """Where a letter stands, in words."""
    return {
        LetterState.DRAFTED: _("Draft"),
        LetterState.EDITED: _("Draft, edited"),
        LetterState.SIGNED: _("Signed, being printed"),
        LetterState.ISSUED: _("Issued"),
        LetterState.DISCARDED: _("Not needed"),
    }[state]


def discard_word(reason: DiscardReason | None) -> str:
    """Why a letter is not needed any more, in words."""
    if reason is None:
        return ""
    return {
        DiscardReason.ANSWERED_IN_TIME: _("The result came in time."),
        DiscardReason.DUE_MOVED: _("The deadline was moved."),
        DiscardReason.REPORT_ENDED: _("The report was refused, withdrawn or merged."),
    }[reason]
