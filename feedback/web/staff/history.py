"""A report's history in words, as staff read it: who, when, what, and whether it is public."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import get_locale

from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ActorKind,
    CaseRequestKind,
    RatingLevel,
    RejectionReason,
    Visibility,
)
from feedback.operations.duplicates import ROOT_GONE, ROOT_OF_ITS_OWN
from feedback.storage.models import HistoryEntry
from feedback.storage.queries.cases import Names
from feedback.web.context import city
from feedback.web.messages import outcome_word
from feedback.web.presenting import unit_name
from feedback.wording import _, ngettext
from feedback.wording.numbers import NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a history. `internal` means that the public never sees it."""

    what: str
    who: str
    at: datetime
    claimed_at: datetime | None
    note: str
    internal: bool


def lines(history: Sequence[HistoryEntry], names: Names) -> list[Line]:
    """A history in words, oldest first."""
    return [
        Line(
            what=what_happened(entry, names),
            who=who_did(entry),
            at=entry.at,
            claimed_at=entry.claimed_at,
            note=entry.note,
            internal=not entry.public,
        )
        for entry in history
    ]


def who_did(entry: HistoryEntry) -> str:
    """Who stands behind an entry; citizens have no name here."""
    if entry.actor_kind is ActorKind.SYSTEM:
        return _("by itself")
    if entry.actor_kind is ActorKind.CITIZEN:
        return _("the citizen")
    return entry.account.name if entry.account else _("the operations centre")


def what_happened(entry: HistoryEntry, names: Names) -> str:
    """An entry's step in one short sentence."""
    return _WORDS[entry.kind](entry, names)


def routing_reason(entry: HistoryEntry, names: Names) -> str:
    """Why a report went where it went: "rule 12: Rubbish in Phú Xuân → HEPCO"."""
    data = entry.data
    about = (
        _named(names.categories, data.get("category_id"))
        or _named(names.groups, data.get("category_group_id"))
        or _("every category")
    )
    area = _named(names.areas, data.get("area_id"))
    values = {
        "number": data.get("rule_id"),
        "category": about,
        "area": area,
        "unit": (entry.unit and entry.unit.short_name) or NOTHING,
    }
    if area:
        return _("Rule %(number)s: %(category)s in %(area)s → %(unit)s", **values)
    return _("Rule %(number)s: %(category)s everywhere → %(unit)s", **values)


def rejection_word(reason: str) -> str:
    """A reason for refusing a report, in words."""
    return {
        RejectionReason.FORMAL_COMPLAINT: _("a formal complaint"),
        RejectionReason.DENUNCIATION: _("a denunciation"),
        RejectionReason.OUT_OF_SCOPE: _("not a matter of this channel"),
        RejectionReason.ABUSIVE: _("abusive content"),
        RejectionReason.NO_CONTENT: _("no usable content"),
    }[RejectionReason(reason)]


def _named(names: dict[int, tuple[str, str]], thing_id: int | None) -> str:
    both = names.get(thing_id or 0)
    return both[str(get_locale()) == "en"] if both else ""


def _unit(entry: HistoryEntry) -> str:
    return unit_name(entry.unit) or NOTHING


def _moment(text: str) -> str:
    """A stored moment as dd/mm/yyyy HH:MM on the city's clock."""
    return datetime.fromisoformat(text).astimezone(city().zone).strftime("%d/%m/%Y %H:%M")


def _answered(entry: HistoryEntry, _names: Names) -> str:
    outcome, promised = outcome_word(entry.data.get("outcome")), entry.data.get("promised_on")
    if promised:
        day = date.fromisoformat(promised).strftime("%d/%m/%Y")
        return _("Answered: %(outcome)s, promised for %(day)s", outcome=outcome, day=day)
    return _("Answered: %(outcome)s", outcome=outcome)


def _handler_named(entry: HistoryEntry, names: Names) -> str:
    name = names.accounts.get(entry.data.get("account_id") or 0, NOTHING)
    return _("%(name)s handles the case", name=name)


def _categorised(entry: HistoryEntry, names: Names) -> str:
    return _(
        "The category is now: %(category)s",
        category=_named(names.categories, entry.data.get("category_id")) or NOTHING,
    )


def _round_started(entry: HistoryEntry, _names: Names) -> str:
    data = entry.data
    return _(
        "Round %(number)s began, due on %(due)s", number=data["number"], due=_moment(data["due"])
    )


def _waiting_ended(entry: HistoryEntry, _names: Names) -> str:
    minutes = int(entry.data.get("minutes") or 0)
    return ngettext(
        "The clock goes on after %(num)s minute of waiting",
        "The clock goes on after %(num)s minutes of waiting",
        minutes,
    )


def _visibility(entry: HistoryEntry, _names: Names) -> str:
    return {
        Visibility.PUBLIC: _("The public may see the report"),
        Visibility.PRIVATE: _("The report is private"),
        Visibility.PENDING: _("The report waits for a look before it is published"),
    }[Visibility(entry.data["visibility"])]


def _rated(entry: HistoryEntry, _names: Names) -> str:
    return {
        RatingLevel.SATISFIED: _("The citizen is satisfied"),
        RatingLevel.ACCEPTABLE: _("The citizen finds the result acceptable"),
        RatingLevel.DISSATISFIED: _("The citizen is not satisfied"),
    }[RatingLevel(entry.data["level"])]


def _transfer_proposed(entry: HistoryEntry, names: Names) -> str:
    wanted = _named(names.units, entry.data.get("wanted_unit_id"))
    if wanted:
        return _("%(unit)s proposes to hand it to %(other)s", unit=_unit(entry), other=wanted)
    return _("%(unit)s proposes to hand it to another unit", unit=_unit(entry))


def _extension_asked(entry: HistoryEntry, _names: Names) -> str:
    return _(
        "%(unit)s asks for time until %(due)s",
        unit=_unit(entry),
        due=_moment(entry.data["wanted_due"]),
    )


def _request_withdrawn(entry: HistoryEntry, _names: Names) -> str:
    if entry.data["request"] == CaseRequestKind.TRANSFER:
        return _("%(unit)s took back its proposal", unit=_unit(entry))
    return _("%(unit)s took back its wish for more time", unit=_unit(entry))


def _request_accepted(entry: HistoryEntry, _names: Names) -> str:
    if entry.data["request"] == CaseRequestKind.TRANSFER:
        return _("The transfer from %(unit)s was agreed to", unit=_unit(entry))
    return _("More time was agreed to")


def _request_refused(entry: HistoryEntry, _names: Names) -> str:
    if entry.data["request"] == CaseRequestKind.TRANSFER:
        return _("The transfer was not agreed to: %(unit)s keeps the case", unit=_unit(entry))
    return _("More time was not agreed to")


def _dispatched(entry: HistoryEntry, _names: Names) -> str:
    if entry.data.get("lead", True):
        return _("Sent to %(unit)s", unit=_unit(entry))
    return _("Sent to %(unit)s too", unit=_unit(entry))


def _noted(entry: HistoryEntry, _names: Names) -> str:
    if entry.unit is None:
        return _("A note of the operations centre")
    return _("A note of %(unit)s", unit=_unit(entry))


def _root_moved(entry: HistoryEntry, _names: Names) -> str:
    return {
        ROOT_GONE: _("What it repeats is gone: it repeats the oldest of the others now"),
        ROOT_OF_ITS_OWN: _("It repeats the report again that it was first added to"),
    }.get(entry.data.get("why", "")) or _("What it repeats turned out to repeat another report")


def _of_its_own(entry: HistoryEntry, _names: Names) -> str:
    if entry.data.get("why") == ROOT_GONE:
        return _("What it repeats was refused or withdrawn: it takes its place")
    return _("Found to be a report of its own")


def _with_unit(words: Callable[[str], str]) -> Callable[[HistoryEntry, Names], str]:
    return lambda entry, _names: words(_unit(entry))


def _plain(words: Callable[[], str]) -> Callable[[HistoryEntry, Names], str]:
    return lambda _entry, _names: words()


_K = HistoryKind
_WORDS: dict[HistoryKind, Callable[[HistoryEntry, Names], str]] = {
    _K.RECEIVED: _plain(lambda: _("The report was received")),
    _K.CATEGORISED: _categorised,
    _K.ROUTED: routing_reason,
    _K.DISPATCHED: _dispatched,
    _K.ROUND_STARTED: _round_started,
    _K.LEAD_NAMED: _with_unit(lambda unit: _("%(unit)s leads", unit=unit)),
    _K.ACCEPTED: _with_unit(lambda unit: _("%(unit)s is handling it", unit=unit)),
    _K.HANDLER_NAMED: _handler_named,
    _K.QUESTION_ASKED: _with_unit(lambda unit: _("%(unit)s asks the citizen", unit=unit)),
    _K.QUESTION_ANSWERED: _plain(lambda: _("The citizen answered")),
    _K.CITIZEN_WROTE: _plain(lambda: _("The citizen wrote again")),
    _K.RESUMED: _plain(lambda: _("The limit of waiting is used up, the work goes on")),
    _K.WAITING_ENDED: _waiting_ended,
    _K.DUE_MOVED: lambda entry, _names: _(
        "The deadline moved to %(due)s", due=_moment(entry.data["due"])
    ),
    _K.ANSWERED: _answered,
    _K.APPROVED: _plain(lambda: _("The answer was approved")),
    _K.SENT_BACK: _plain(lambda: _("The answer was sent back for more work")),
    _K.TRANSFER_PROPOSED: _transfer_proposed,
    _K.EXTENSION_ASKED: _extension_asked,
    _K.REQUEST_WITHDRAWN: _request_withdrawn,
    _K.REQUEST_ACCEPTED: _request_accepted,
    _K.REQUEST_REFUSED: _request_refused,
    _K.RETURNED: _with_unit(lambda unit: _("%(unit)s returned the report", unit=unit)),
    _K.RETURN_ACCEPTED: _with_unit(lambda unit: _("The others go on without %(unit)s", unit=unit)),
    _K.TRANSFERRED: _with_unit(lambda unit: _("Taken from %(unit)s", unit=unit)),
    _K.ASSIGNMENT_WITHDRAWN: _with_unit(
        lambda unit: _("%(unit)s has no part in it any more", unit=unit)
    ),
    _K.CLOSED: lambda entry, _names: _(
        "Closed. Result: %(outcome)s", outcome=outcome_word(entry.data.get("outcome"))
    ),
    _K.PROMISE_KEPT: _with_unit(lambda unit: _("%(unit)s has done what was promised", unit=unit)),
    _K.LETTER_SIGNED: _with_unit(lambda unit: _("%(unit)s signed a letter of apology", unit=unit)),
    _K.REPEATED: lambda entry, _names: _(
        "The same was reported again, %(metres)s m away", metres=entry.data["metres"]
    ),
    _K.REOPENED: _plain(lambda: _("Reopened at the citizen's request")),
    _K.REJECTED: lambda entry, _names: _(
        "Not accepted: %(reason)s", reason=rejection_word(entry.data["reason_code"])
    ),
    _K.REJECTION_LIFTED: _plain(lambda: _("Accepted after all")),
    _K.REJECTION_UPHELD: _plain(lambda: _("Looked at again: still not accepted")),
    _K.ASKED_AGAIN: _plain(lambda: _("The citizen asks for a second look")),
    _K.MARKED_DUPLICATE: _plain(lambda: _("Found to repeat another report")),
    _K.ROOT_MOVED: _root_moved,
    _K.DUPLICATE_UNDONE: _of_its_own,
    _K.WITHDRAWN: _plain(lambda: _("The citizen withdrew the report")),
    _K.RATED: _rated,
    _K.VISIBILITY_CHANGED: _visibility,
    _K.NOTE: _noted,
    _K.ERASED: _plain(lambda: _("Personal data was erased")),
}
