"""What every use case needs to know of the installation it runs in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedback.delivery.channels import Channel
from feedback.domain.counter_ratings import USUAL_RUSH, Rush
from feedback.domain.patience import USUAL, Patience
from feedback.storage.files.protocol import FileStore
from feedback.storage.sealing import Seal


@dataclass(frozen=True)
class City:
    """The surroundings of a use case, made once by the application factory.

    `zone` is people's time zone, `area_snap_metres` how far off every area a point may lie and
    still count as the nearest one's, `files` where photos are kept, `ring` wakes the relay and
    must neither raise nor block for long, `patience` when undone work is taken up again. `seal`
    keeps private values: `city.seal.seal(value, purpose)`, `city.seal.open(sealed, purpose)`.
    `channels` are the ways to reach people by name: without any nobody is told of anything.
    `names` is what the city is called, in each language.
    `retention_days` after its end a report is anonymised where its category says nothing; None
    keeps it. `rush` is when a counter is pressed more often than people can. A report within
    `repeat_metres` and `repeat_period` of a close of its category repeats it.
    """

    zone: ZoneInfo
    area_snap_metres: float
    files: FileStore
    ring: Callable[[], None]
    seal: Seal
    patience: Patience = USUAL
    channels: Mapping[str, Channel] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    retention_days: int | None = None
    rush: Rush = USUAL_RUSH
    repeat_metres: int = 100
    repeat_period: timedelta = timedelta(days=30)
