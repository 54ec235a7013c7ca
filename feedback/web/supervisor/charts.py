"""Charts as shapes in a drawing of fixed size; the template only writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from feedback.domain.intervals import wilson
from feedback.domain.windows import HIDDEN_BELOW, DayPoint

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 24
STEPS = 4


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


def satisfaction_chart(points: Sequence[DayPoint]) -> Chart:
    """The satisfaction index in percent, rolling, in its 95 % interval.

    Days with too few ratings behind them leave a gap.
    """
    lines, bands = [], []
    said = [_said(point) for point in points]
    for is_said, run in groupby(enumerate(said), key=lambda pair: pair[1] is not None):
        if not is_said:
            continue
        spots = [(_x(n, len(points)), shares) for n, shares in run if shares is not None]
        lines.append(_path([(x, _y(share, 100)) for x, (_, share, _) in spots]))
        upper = [(x, _y(high, 100)) for x, (_, _, high) in spots]
        lower = [(x, _y(low, 100)) for x, (low, _, _) in spots]
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


def _said(point: DayPoint) -> tuple[float, float, float] | None:
    """Low end, share and high end in percent; None with too few ratings."""
    interval = wilson(point.rolling_satisfied, point.rolling_ratings)
    if interval is None or point.rolling_ratings < HIDDEN_BELOW:
        return None
    share = point.rolling_satisfied / point.rolling_ratings
    return 100 * interval.low, 100 * share, 100 * interval.high


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
