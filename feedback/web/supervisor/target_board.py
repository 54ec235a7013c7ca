"""Targets as supervisors and heads of units see them: what was undertaken, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import Response

from feedback.domain.share_measures import ratio_of
from feedback.domain.shares import Ratio
from feedback.domain.targets import (
    Verdict,
    calendar_window,
    share_to_reach,
    state_of,
    verdict,
)
from feedback.extensions import db
from feedback.storage.models import CommitmentSheet, Target
from feedback.storage.queries import statistics
from feedback.web import context
from feedback.web.documents import send_pdf
from feedback.web.languages import LANGUAGES, chosen_language
from feedback.web.presenting import unit_name
from feedback.web.supervisor.boards import ScopeBoard, board_of
from feedback.wording import _
from feedback.wording.measures import share_word
from feedback.wording.targets import period_name, value_word

Boards = dict[tuple[str, str], ScopeBoard]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target beside its figure. `board` is the unit's over the period, None before it begins.

    `ratio` is None where nothing may be said, `wanted` the share to reach, None where a relative
    one has nothing to be compared with.
    """

    target: Target
    unit: str
    word: str
    period: str
    value: str
    wanted: Fraction | None
    ratio: Ratio | None
    verdict: Verdict
    verdict_word: str
    board: ScopeBoard | None


@dataclass(frozen=True, slots=True)
class SheetView:
    """The commitment sheets of a unit for a period: of the targets as they stand (None while it is
    being printed), and of how they stood before."""

    unit: str
    period: str
    current: CommitmentSheet | None
    earlier: list[CommitmentSheet]


def sheet_views(found: Iterable[Target], sheets: Iterable[CommitmentSheet]) -> list[SheetView]:
    """The sheets of some targets, by unit and period in the order of the targets.

    Of each unit and period named, all targets have to be among them; `sheets` are the newest first.
    """
    together: dict[tuple[int, str], list[Target]] = {}
    for target in found:
        together.setdefault((target.unit_id, target.period), []).append(target)
    kept: dict[tuple[int, str], list[CommitmentSheet]] = {}
    for sheet in sheets:
        kept.setdefault((sheet.unit_id, sheet.period), []).append(sheet)
    return [
        _sheets(targets, state_of((one.id, one.version) for one in targets), kept.get(key, []))
        for key, targets in together.items()
    ]


def _sheets(targets: Sequence[Target], state: str, kept: list[CommitmentSheet]) -> SheetView:
    return SheetView(
        unit=unit_name(targets[0].unit),
        period=period_name(targets[0].period),
        current=next((one for one in kept if one.state == state), None),
        earlier=[one for one in kept if one.state != state],
    )


def send_sheet(sheet: CommitmentSheet) -> Response:
    """A sheet in the reader's language, to be saved. Raises NotFound when its file is not there."""
    in_vietnamese = chosen_language() == LANGUAGES[0]
    word = "cam-ket" if in_vietnamese else "commitment"
    key = sheet.vi_key if in_vietnamese else sheet.en_key
    return send_pdf(key, f"{word}-{sheet.period}-{sheet.id}.pdf")


def target_lines(found: Iterable[Target]) -> list[TargetLine]:
    """The lines of some targets, in their order."""
    targets = list(found)
    boards = _boards(targets)
    return [_line(target, boards) for target in targets]


def _boards(targets: Sequence[Target]) -> Boards:
    """The figures the targets are held against, by scope and period."""
    scopes = {_scope(target) for target in targets}
    periods = {one.period for one in targets}
    rows = statistics.ready_rows_of(db.session(), sorted(scopes), sorted(periods))
    return {(row.scope, row.period): board_of(row) for row in rows}


def _scope(target: Target) -> str:
    return f"unit:{target.unit_id}"


def _line(target: Target, boards: Boards) -> TargetLine:
    board = boards.get((_scope(target), target.period))
    ratio = ratio_of(target.measure, board.figures) if board else Ratio(0, 0)
    before = Ratio(target.base_part or 0, target.base_whole or 0)
    wanted = share_to_reach(target.measure, target.kind, target.value, before)
    found = verdict(target.measure, ratio, wanted)
    running = calendar_window(target.period).last >= context.today()
    return TargetLine(
        target=target,
        unit=unit_name(target.unit),
        word=share_word(target.measure),
        period=period_name(target.period),
        value=value_word(target),
        wanted=wanted,
        ratio=ratio if ratio.denominator and found is not Verdict.HIDDEN else None,
        verdict=found,
        verdict_word=verdict_word(found, running=running),
        board=board,
    )


def verdict_word(found: Verdict, *, running: bool) -> str:
    """How a figure stands to its target; of a period under way only so far."""
    if running:
        return {
            Verdict.MET: _("met so far"),
            Verdict.NOT_CERTAIN: _("met so far (not certain)"),
            Verdict.MISSED: _("not met so far"),
            Verdict.NONE: _("nothing to judge yet"),
            Verdict.HIDDEN: _("fewer than 5"),
        }[found]
    return {
        Verdict.MET: _("met"),
        Verdict.NOT_CERTAIN: _("met (not certain)"),
        Verdict.MISSED: _("not met"),
        Verdict.NONE: _("nothing to judge"),
        Verdict.HIDDEN: _("fewer than 5"),
    }[found]
