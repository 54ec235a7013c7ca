"""Targets as supervisors and heads of units see them: what was undertaken, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.share_measures import ratio_of
from feedback.domain.shares import Ratio
from feedback.domain.targets import (
    TargetKind,
    Verdict,
    calendar_window,
    share_to_reach,
    verdict,
)
from feedback.extensions import db
from feedback.storage.models import Target
from feedback.storage.queries import statistics
from feedback.web import context
from feedback.web.presenting import unit_name
from feedback.web.supervisor.boards import ScopeBoard, board_of
from feedback.web.target_words import hundredths, period_name
from feedback.web.wording import _
from feedback.wording.measures import share_word

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


def target_lines(found: Iterable[Target]) -> list[TargetLine]:
    """The lines of some targets, in their order."""
    targets = list(found)
    boards = _boards(targets)
    return [_line(target, boards) for target in targets]


def _boards(targets: Sequence[Target]) -> Boards:
    """The figures the targets are held against, by scope and period."""
    scopes = {_scope(target) for target in targets}
    periods = {name for one in targets for name in (one.period, one.base_period) if name}
    rows = statistics.ready_rows_of(db.session(), sorted(scopes), sorted(periods))
    return {(row.scope, row.period): board_of(row) for row in rows}


def _scope(target: Target) -> str:
    return f"unit:{target.unit_id}"


def _line(target: Target, boards: Boards) -> TargetLine:
    board = boards.get((_scope(target), target.period))
    base = boards.get((_scope(target), target.base_period or ""))
    ratio = ratio_of(target.measure, board.figures) if board else Ratio(0, 0)
    before = ratio_of(target.measure, base.figures) if base else None
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


def value_word(target: Target) -> str:
    """What a target asks for: "95 %", or how much less of what went wrong before."""
    share = hundredths(abs(target.value))
    if target.kind is TargetKind.ABSOLUTE or target.base_period is None:
        return share
    base = period_name(target.base_period)
    return _("%(share)s less of what went wrong in %(period)s", share=share, period=base)


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
