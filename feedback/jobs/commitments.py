"""Sheets of what units undertake: their words, and their printing when a target changes."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import force_locale, format_decimal

from feedback.domain.letters import fingerprint
from feedback.domain.periods import Window, period_named
from feedback.domain.share_measures import SHARES, ShareMeasure, shown
from feedback.domain.share_words import SHARE_MEANINGS, SHARE_NAMES, period_message
from feedback.domain.shares import Ratio
from feedback.domain.targets import HUNDRED_PERCENT, TargetKind, calendar_window, share_to_reach
from feedback.domain.windows import Sample
from feedback.jobs.letters.wording import _, city_name, day, moment, ngettext, unit_name
from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.print_commitment import print_commitment
from feedback.storage.models import Target

NOTHING = "—"
SHOWN_SIGNS = 16


def print_sheet(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Print the sheet of the one unit and period whose targets have changed."""
    (payload,) = payloads
    unit_id, period = int(payload["unit_id"]), str(payload["period"])
    print_commitment(unit_id, period, commitment_words, city=city, now=now, claim=claim)


def commitment_words(targets: Sequence[Target], language: str) -> dict[str, Any]:
    """What the sheet of a unit's targets for one period says in a language, for its template.

    It tells only what does not change any more: the figure a target starts from and how the unit
    stood when its head signed, never how it stands now. Needs an application context.
    """
    with force_locale(language):
        window = calendar_window(targets[0].period)
        unit, period = unit_name(targets[0].unit), period_name(targets[0].period)
        words = {
            "language": language,
            "title": _("Commitment to targets"),
            "about": period,
            "agency": unit,
            "authority": city_name(),
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
            "rows": [_row(number, target) for number, target in enumerate(targets, 1)],
            "hands_title": _("Who proposed and who signed"),
            "hands_head": [_("No."), _("Proposed by"), _("Signed by")],
            "hands": [_hands(number, target) for number, target in enumerate(targets, 1)],
            "notes": [
                _("Counts of all cases are held against the target as they are."),
                _(
                    "Ratings are only a sample: a target is met for certain when the lower end of "
                    "their 95 percent interval reaches it."
                ),
            ],
            "sides": [_proposer(targets), _signer(targets)],
        }
        mark = f"{unit} · {period} · SHA-256 {fingerprint(words)[:SHOWN_SIGNS]}"
        return {**words, "mark": mark}


def period_name(name: str) -> str:
    """A month, quarter or year as people say it, though it may lie ahead."""
    message, places = period_message(period_named(name, calendar_window(name).last))
    return _(message, **places)


def _opening(unit: str, period: str, window: Window) -> str:
    return _(
        "%(unit)s undertakes to reach the targets below in %(period)s, from %(first)s to %(last)s.",
        unit=unit,
        period=period.lower().replace(" ", "\N{NO-BREAK SPACE}"),
        first=day(window.first),
        last=day(window.last),
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


def _row(number: int, target: Target) -> dict[str, str]:
    measure = target.measure
    base = Ratio(target.base_part or 0, target.base_whole or 0)
    wanted = share_to_reach(measure, target.kind, target.value, base)
    signed = Ratio(target.signed_part or 0, target.signed_whole or 0)
    return {
        "number": str(number),
        "measure": _(SHARE_NAMES[measure]),
        "meaning": _(SHARE_MEANINGS[measure]),
        "target": _target_words(target),
        "base": _figure(measure, base) if target.base_period else NOTHING,
        "wanted": _wanted(measure, wanted),
        "signed": _figure(measure, signed),
    }


def _wanted(measure: ShareMeasure, share: Fraction | None) -> str:
    """The share to reach, as the bound it is."""
    if share is None:
        return NOTHING
    told = _percent(share, 2)
    at_least = SHARES[measure].good
    return _("at least %(share)s", share=told) if at_least else _("at most %(share)s", share=told)


def _target_words(target: Target) -> str:
    share = Fraction(abs(target.value), HUNDRED_PERCENT)
    told = _percent(share, 0 if target.value % 100 == 0 else 2)
    if target.kind is TargetKind.ABSOLUTE or target.base_period is None:
        return told
    base = period_name(target.base_period)
    return _("%(share)s less of what went wrong in %(period)s", share=told, period=base)


def _figure(measure: ShareMeasure, ratio: Ratio) -> str:
    """A share with its counts, or why it is not told."""
    sample = shown(measure, ratio)
    if sample is Sample.NONE:
        return NOTHING
    if sample is Sample.HIDDEN:
        return _("fewer than 5")
    share = _percent(Fraction(ratio.numerator, ratio.denominator), 1)
    return f"{share} ({_number(ratio.numerator)}/{_number(ratio.denominator)})"


def _percent(share: Fraction, decimals: int) -> str:
    gap = "" if _("Page") == "Page" else "\N{NO-BREAK SPACE}"
    return f"{_number(round(float(share * 100), decimals), decimals)}{gap}%"


def _number(value: float, decimals: int = 0) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern))


def _hands(number: int, target: Target) -> list[str]:
    proposer = target.proposed_by.name if target.proposed_by else NOTHING
    signer = target.signed_by.name if target.signed_by else NOTHING
    return [
        str(number),
        f"{proposer}, {moment(target.proposed_at)}",
        f"{signer}, {moment(target.signed_at)}" if target.signed_at else _("not signed yet"),
    ]


def _proposer(targets: Sequence[Target]) -> dict[str, str]:
    latest = max(targets, key=lambda target: target.proposed_at)
    name = latest.proposed_by.name if latest.proposed_by else ""
    return {"position": _("Proposed by"), "by_hand": _by_hand(), "name": name, "signed": ""}


def _signer(targets: Sequence[Target]) -> dict[str, str]:
    """The head who signed all of them; else the place for whoever will."""
    names = {target.signed_by.name if target.signed_by else "" for target in targets}
    moments = [target.signed_at for target in targets if target.signed_at]
    is_whole = len(names) == 1 and len(moments) == len(targets)
    return {
        "position": _("Head of the unit"),
        "by_hand": _by_hand(),
        "name": names.pop() if is_whole else "",
        "signed": _("Signed electronically at %(moment)s", moment=moment(max(moments)))
        if is_whole
        else "",
    }


def _by_hand() -> str:
    return _("(Signature and full name)")
