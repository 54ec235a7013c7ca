"""How a unit stands in a share, by the rows that are ready."""

from sqlalchemy.orm import Session

from feedback.domain.share_measures import ShareMeasure, ratio_of
from feedback.domain.shares import Ratio
from feedback.domain.windows import WindowFigures
from feedback.storage.queries import statistics


def unit_ratio(session: Session, unit_id: int, measure: ShareMeasure, period: str) -> Ratio:
    """A unit's share in a month, quarter or year, as far as it has gone; 0 of 0 without a row."""
    rows = statistics.ready_rows_of(session, [f"unit:{unit_id}"], [period])
    figures = [WindowFigures.from_json(row.figures["figures"]) for row in rows]
    return ratio_of(measure, figures[0]) if figures else Ratio(0, 0)
