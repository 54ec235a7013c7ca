"""What stands on the sheet of what a unit undertakes."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask_babel import force_locale

from feedback.domain.letters import fingerprint
from feedback.domain.periods import Window
from feedback.domain.share_measures import SHARES, ShareMeasure, shown
from feedback.domain.shares import Ratio
from feedback.domain.targets import calendar_window, share_to_reach
from feedback.domain.windows import Sample
from feedback.operations.city import City
from feedback.operations.print_commitment import LANGUAGES
from feedback.storage.models import Target, Unit
from feedback.wording import _, in_english, ngettext
from feedback.wording.measures import share_meaning, share_word
from feedback.wording.numbers import NOTHING, number, percent
from feedback.wording.targets import period_name, value_word

SHOWN_SIGNS = 16


def commitment_words(targets: Sequence[Target], language: str, city: City) -> dict[str, Any]:
    """What the sheet of a unit's targets for one period says in a language, for its template.

    It tells only what does not change any more: the figure a target starts from and how the unit
    stood when its head signed, never how it stands now. Needs an application context.
    """
    with force_locale(language):
        window = calendar_window(targets[0].period)
        unit, period = _unit_name(targets[0].unit), period_name(targets[0].period)
        words = {
            "language": language,
            "title": _("Commitment to targets"),
            "about": period,
            "agency": unit,
            "authority": dict(zip(LANGUAGES, city.names, strict=False)).get(language, ""),
            "country": _("Socialist Republic of Viet Nam"),
            "motto": _("Independence – Freedom – Happiness"),
            "number": _("No.: ……………"),
            "day": _("……………, day …… month …… year ………"),
            "page": _("Page"),
            "opening": _opening(unit, period, window),
            "unsigned": _unsigned(targets),
            "head": [
                _("No."),
                _("Measure"),
                _("Target"),
                _("Figure to start from"),
                _("To be reached"),
                _("Figure when signed"),
            ],
            "rows": [_row(place, target) for place, target in enumerate(targets, 1)],
            "hands_title": _("Who proposed and who signed"),
            "hands_head": [_("No."), _("Proposed by"), _("Signed by")],
            "hands": [_hands(place, target, city) for place, target in enumerate(targets, 1)],
            "notes": [
                _("Counts of all cases are held against the target as they are."),
                _(
                    "Ratings are only a sample: a target is met for certain when the lower end of "
                    "their 95 percent interval reaches it."
                ),
            ],
            "sides": [_proposer(targets), _signer(targets, city)],
        }
        mark = f"{unit} · {period} · SHA-256 {fingerprint(words)[:SHOWN_SIGNS]}"
        return {**words, "mark": mark}


def _opening(unit: str, period: str, window: Window) -> str:
    return _(
        "%(unit)s undertakes to reach the targets below in %(period)s, from %(first)s to %(last)s.",
        unit=unit,
        period=period.lower().replace(" ", "\N{NO-BREAK SPACE}"),
        first=_day(window.first),
        last=_day(window.last),
    )


def _unsigned(targets: Sequence[Target]) -> str:
    """How many targets nobody has signed yet, in a sentence; nothing when there is none."""
    count = sum(target.signed_at is None for target in targets)
    if not count:
        return ""
    return ngettext(
        "%(num)s target is only proposed. It is in force once the head of the unit signs it.",
        "%(num)s targets are only proposed. Each is in force once the head of the unit signs it.",
        count,
    )


def _row(place: int, target: Target) -> dict[str, str]:
    measure = target.measure
    base = Ratio(target.base_part or 0, target.base_whole or 0)
    wanted = share_to_reach(measure, target.kind, target.value, base)
    signed = Ratio(target.signed_part or 0, target.signed_whole or 0)
    return {
        "number": str(place),
        "measure": share_word(measure),
        "meaning": share_meaning(measure),
        "target": value_word(target),
        "base": _figure(measure, base) if target.base_period else NOTHING,
        "wanted": _wanted(measure, wanted),
        "signed": _figure(measure, signed),
    }


def _wanted(measure: ShareMeasure, share: Fraction | None) -> str:
    """The share to reach, as the bound it is."""
    if share is None:
        return NOTHING
    told = percent(share, 2)
    at_least = SHARES[measure].good
    return _("at least %(share)s", share=told) if at_least else _("at most %(share)s", share=told)


def _figure(measure: ShareMeasure, ratio: Ratio) -> str:
    """A share with its counts, or why it is not told."""
    sample = shown(measure, ratio)
    if sample is Sample.NONE:
        return NOTHING
    if sample is Sample.HIDDEN:
        return _("fewer than 5")
    share = percent(Fraction(ratio.numerator, ratio.denominator), 2)
    return f"{share} ({number(ratio.numerator)}/{number(ratio.denominator)})"


def _hands(place: int, target: Target, city: City) -> list[str]:
    proposer = target.proposed_by.name if target.proposed_by else NOTHING
    signer = target.signed_by.name if target.signed_by else NOTHING
    return [
        str(place),
        f"{proposer}, {_moment(target.proposed_at, city)}",
        f"{signer}, {_moment(target.signed_at, city)}" if target.signed_at else _("not signed yet"),
    ]


def _proposer(targets: Sequence[Target]) -> dict[str, str]:
    latest = max(targets, key=lambda target: target.proposed_at)
    name = latest.proposed_by.name if latest.proposed_by else ""
    return {"position": _("Proposed by"), "by_hand": _by_hand(), "name": name, "signed": ""}


def _signer(targets: Sequence[Target], city: City) -> dict[str, str]:
    """The head who signed all of them; else the place for whoever will."""
    names = {target.signed_by.name if target.signed_by else "" for target in targets}
    moments = [target.signed_at for target in targets if target.signed_at]
    is_whole = len(names) == 1 and len(moments) == len(targets)
    return {
        "position": _("Head of the unit"),
        "by_hand": _by_hand(),
        "name": names.pop() if is_whole else "",
        "signed": _("Signed electronically at %(moment)s", moment=_moment(max(moments), city))
        if is_whole
        else "",
    }


def _by_hand() -> str:
    return _("(Signature and full name)")


def _unit_name(unit: Unit) -> str:
    return (in_english() and unit.name_en) or unit.name


def _moment(at: datetime, city: City) -> str:
    local = at.astimezone(city.zone)
    return _("%(time)s on %(day)s", time=local.strftime("%H:%M"), day=_day(local.date()))


def _day(on: date) -> str:
    return on.strftime("%d/%m/%Y")
