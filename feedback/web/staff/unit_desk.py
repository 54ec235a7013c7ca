"""What the page of a case offers to the unit that handles it."""

from typing import Any

from feedback.domain.states import Outcome, PhotoPurpose
from feedback.domain.text import TraceKind, normalise, private_traces
from feedback.extensions import db
from feedback.operations.answer_case import MAX_ANSWER
from feedback.operations.photos import MAX_PHOTOS
from feedback.storage.models import Assignment
from feedback.storage.queries import accounts
from feedback.web import context
from feedback.web.messages import outcome_word
from feedback.web.staff.sent import Sent
from feedback.web.staff.steps import Steps
from feedback.web.wording import _


def unit_desk(own: Assignment | None, steps: Steps, sent: Sent) -> dict[str, Any]:
    """The template's values for the forms of a unit; `own` is the viewer's own assignment."""
    handlers = []
    if steps.name_handler and own:
        people_there = accounts.of_unit(db.session(), own.unit_id)
        handlers = [(account.id, account.name) for account in people_there]
    return {
        "own": own and {"state": own.state.value, "handler_id": own.handler_id},
        "limits": {"photos": MAX_PHOTOS[PhotoPurpose.EVIDENCE], "text": MAX_ANSWER},
        "today": context.today(),
        "outcomes": [(o.value, outcome_word(o.value)) for o in Outcome],
        "handler_choices": handlers,
        "kept_photos": sent.photos.ids,
        "traces": _traces(sent),
    }


def _traces(sent: Sent) -> list[tuple[str, str]]:
    """What looks private in the answer that came back: (what it is, the words)."""
    if sent.form != "answer":
        return []
    text = normalise(str(sent.values.get("text") or ""))
    kinds = {
        TraceKind.PHONE: _("a phone number"),
        TraceKind.EMAIL: _("an e-mail address"),
        TraceKind.IDENTITY_NUMBER: _("an identity number"),
        TraceKind.BANK_NUMBER: _("a bank account number"),
    }
    return [(kinds[trace.kind], text[trace.start : trace.end]) for trace in private_traces(text)]
