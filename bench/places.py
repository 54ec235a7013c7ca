"""Point → area decisions per second, beside the bare STRtree."""

import random
import statistics
import time

from shapely import STRtree, from_geojson, points

from bench import city
from bench.rows import Row
from feedback.domain.geography import AreaIndex, AreaShape

POINTS = 20_000
PAIRS = 9


def run() -> list[Row]:
    """One row: our decision with its checks against one bare query a point."""
    shapes = [from_geojson(area.geometry) for area in city.areas()]
    index = AreaIndex([AreaShape(number, shape) for number, shape in enumerate(shapes)])
    tree = STRtree(shapes)
    chance = random.Random(7)  # noqa: S311 - the same points every time
    span = city.SIDE * city.GRID
    spots = [
        (city.SOUTH + chance.random() * span, city.WEST + chance.random() * span)
        for _ in range(POINTS)
    ]
    ours, bare, ratios = [], [], []
    for _ in range(PAIRS):
        ours.append(_rate(lambda lat, lon: index.locate(lat, lon, 500), spots))
        bare.append(_rate(lambda lat, lon: tree.query(points(lon, lat), "within"), spots))
        ratios.append(ours[-1] / bare[-1])
    figures = f"{statistics.median(ours):,.0f}/s against {statistics.median(bare):,.0f}/s"
    return [
        Row("point → area decisions, ours / bare STRtree", f"{statistics.median(ratios):.2f}"),
        Row(f"… {len(shapes)} areas, {POINTS:,} points", figures),
    ]


def _rate(decide, spots) -> float:
    start = time.perf_counter()
    for latitude, longitude in spots:
        decide(latitude, longitude)
    return len(spots) / (time.perf_counter() - start)
