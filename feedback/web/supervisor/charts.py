"""Charts as shapes in a drawing of fixed size; the templates only write them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from feedback.domain.backlog import AGE_LIMITS, Backlog
from feedback.domain.funnel import Standing, limits
from feedback.domain.intervals import wilson
from feedback.domain.windows import HIDDEN_BELOW, DayPoint, SharePoint

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 24
STEPS = 4
FUNNEL_STEPS = 60
FUNNEL_LIMITS = (0.95, 0.998)


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines and areas as path data; `grid` is (y, value) from top to bottom."""

    grid: tuple[tuple[float, int], ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...] = ()
    bars: tuple[tuple[float, float, float, float], ...] = ()  # x, y, width, height
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def share_chart(points: Sequence[SharePoint], *, rated: bool) -> Chart:
    """A share in percent, rolling; of ratings in its 95 % interval.

    Days with nothing, or too few ratings, behind them leave a gap.
    """
    lines, bands = [], []
    said = [_said(point, rated) for point in points]
    for is_said, run in groupby(enumerate(said), key=lambda pair: pair[1] is not None):
        if not is_said:
            continue
        spots = [(_x(n, len(points)), shares) for n, shares in run if shares is not None]
        lines.append(_path([(x, _y(share, 100)) for x, (_, share, _) in spots]))
        upper = [(x, _y(high, 100)) for x, (_, _, high) in spots]
        lower = [(x, _y(low, 100)) for x, (low, _, _) in spots]
        if rated:
            bands.append(_path(upper + lower[::-1]) + "Z")
    return Chart(_grid(100), tuple(lines), tuple(bands))


def flow_chart(points: Sequence[DayPoint]) -> Chart:
    """Reports received as bars, cases closed as a line, a day each."""
    top = _round_top(max((max(p.received, p.closed) for p in points), default=0))
    width = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    bars = []
    for n, point in enumerate(points):
        y = _y(point.received, top)
        left = LEFT + n * width
        bars.append((round(left + width * 0.1, 1), y, round(width * 0.8, 1), _bottom() - y))
    closed = [(LEFT + (n + 0.5) * width, _y(p.closed, top)) for n, p in enumerate(points)]
    return Chart(_grid(top), (_path(closed),) if closed else (), bars=tuple(bars))


def backlog_chart(days: Sequence[Backlog]) -> Chart:
    """What was open at the end of each day, its ages stacked, the oldest at the bottom."""
    top = _round_top(max((day.count for day in days), default=0))
    bands, floor = [], [0] * len(days)
    for age in reversed(range(len(AGE_LIMITS) + 1)):
        ceiling = [low + day.bands[age] for low, day in zip(floor, days, strict=True)]
        upper = [(_x(n, len(days)), _y(value, top)) for n, value in enumerate(ceiling)]
        lower = [(_x(n, len(days)), _y(value, top)) for n, value in enumerate(floor)]
        bands.append(_path(upper + lower[::-1]) + "Z")
        floor = ceiling
    return Chart(_grid(top), (), tuple(bands))


@dataclass(frozen=True, slots=True)
class Spot:
    """One unit of a funnel plot; `standing` is None where it is too small to be judged."""

    key: int
    parts: int
    wholes: int
    standing: Standing | None
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Shares over how many cases they rest on, between the limits that chance alone keeps.

    `limits` are (path, whether it is the wider one), `level` the height of all together, `steps`
    (x, cases) below the drawing.
    """

    grid: tuple[tuple[float, int], ...]
    limits: tuple[tuple[str, bool], ...]
    level: float
    steps: tuple[tuple[float, int], ...]
    spots: tuple[Spot, ...]
    width: int = WIDTH
    height: int = HEIGHT + 80
    left: int = LEFT
    right: int = WIDTH - RIGHT


def funnel_chart(spots: Sequence[Spot]) -> Funnel | None:
    """Units with at least one case; None with fewer than two of them."""
    found = [spot for spot in spots if spot.wholes]
    if len(found) < 2:
        return None
    overall = sum(spot.parts for spot in found) / sum(spot.wholes for spot in found)
    top = _round_top(ceil(max(spot.wholes for spot in found) * 1.04))
    bottom = HEIGHT + 80 - BOTTOM

    def x(cases: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * cases / top, 1)

    def y(share: float) -> float:
        return round(bottom - (bottom - TOP) * share, 1)

    sizes = sorted({max(1, round(top * step / FUNNEL_STEPS)) for step in range(FUNNEL_STEPS + 1)})
    lines = []
    for inside in FUNNEL_LIMITS:
        edges = [limits(size, overall, inside) for size in sizes]
        for side in ([edge.low for edge in edges], [edge.high for edge in edges]):
            drawn = [(x(size), y(share)) for size, share in zip(sizes, side, strict=True)]
            lines.append((_path(drawn), inside == FUNNEL_LIMITS[-1]))
    return Funnel(
        grid=tuple((y(step / STEPS), 100 * step // STEPS) for step in range(STEPS, -1, -1)),
        limits=tuple(lines),
        level=y(overall),
        steps=tuple((x(top * step / STEPS), top * step // STEPS) for step in range(STEPS + 1)),
        spots=tuple(
            Spot(
                spot.key,
                spot.parts,
                spot.wholes,
                spot.standing,
                x(spot.wholes),
                y(spot.parts / spot.wholes),
            )
            for spot in sorted(found, key=lambda one: one.standing in {None, Standing.WITHIN})
        ),
    )


def _said(point: SharePoint, rated: bool) -> tuple[float, float, float] | None:
    """Low end, share and high end in percent; None with nothing or too little to say."""
    part, whole = point.ratio.numerator, point.ratio.denominator
    interval = wilson(part, whole)
    if interval is None or (rated and whole < HIDDEN_BELOW):
        return None
    return 100 * interval.low, 100 * part / whole, 100 * interval.high


def _grid(top: int) -> tuple[tuple[float, int], ...]:
    values = [top * step // STEPS for step in range(STEPS, -1, -1)]
    return tuple((_y(value, top), value) for value in values)


def _round_top(value: int) -> int:
    """A round number at least as large, that four steps divide."""
    size = 4
    while size < value:
        size = next(n for n in (size * 2, size * 5, size * 10) if n % STEPS == 0)
    return size


def _x(n: int, count: int) -> float:
    span = WIDTH - LEFT - RIGHT
    return LEFT + (span * n / (count - 1) if count > 1 else span / 2)


def _y(value: float, top: int) -> float:
    return round(_bottom() - (_bottom() - TOP) * value / top, 1)


def _bottom() -> float:
    return float(HEIGHT - BOTTOM)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
