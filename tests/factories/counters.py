"""Service counters and their kiosks."""

import secrets
from datetime import datetime

from feedback.domain.codes import make_code
from feedback.domain.states import CounterChannel, RatingLevel
from feedback.operations.rate_counter import rate_counter
from feedback.storage.models import Counter, Unit
from tests.factories.base import MONDAY, numbers, saved, the_city


def create_counter(unit: Unit, name: str = "Quầy 3: Hộ tịch", *, active: bool = True) -> Counter:
    """A counter of a unit, open by default."""
    return saved(
        Counter(
            code=make_code(secrets.randbelow),
            unit_id=unit.id,
            name_vi=name,
            name_en=f"{name} (en)",
            active=active,
            created_at=MONDAY,
        )
    )


def create_counter_ratings(
    counter: Counter,
    *levels: RatingLevel,
    channel: CounterChannel = CounterChannel.QR,
    now: datetime = MONDAY,
) -> list[str]:
    """One rating from a device of its own for each level; their secrets."""
    return [
        rate_counter(
            counter.id,
            level=level,
            device=f"device {next(numbers)}",
            channel=channel,
            city=the_city(),
            now=now,
        )
        for level in levels
    ]
