"""The demo city's service counters, and what their visitors think of them."""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from feedback.demo import words
from feedback.demo.data_files import read
from feedback.demo.stories import DAYS, chosen
from feedback.domain.actors import Actor
from feedback.domain.calendar import Calendar
from feedback.domain.states import CounterChannel, CounterReason, RatingLevel
from feedback.operations.city import City
from feedback.operations.rate_counter import rate_counter, say_more
from feedback.operations.register_kiosk import invite_kiosk, register_kiosk
from feedback.operations.save_counter import CounterDraft, create_counter
from feedback.operations.transaction import reading
from feedback.storage.models import Counter, Kiosk, Unit

REPORTS_FOR_A_VISIT = 8
AT_KIOSK, TWICE, TELLS_MORE = 0.7, 0.04, 0.2
Visit = Generator[datetime, None, None]


@dataclass(frozen=True, slots=True)
class _Place:
    """A counter as its visitors find it."""

    counter_id: int
    kiosk_id: int | None
    pleases: float
    share: int


def write_counters(city: City, *, administrator: Actor, now: datetime) -> None:
    """Set the counters up, and make the kiosks of those that have one known."""
    with reading() as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
    for row in read("counters")["counter"]:
        draft = CounterDraft(row["name_vi"], row["name_en"], units[row["unit"]])
        counter_id = create_counter(draft, actor=administrator, city=city, now=now)
        if "kiosk" in row:
            _, secret = invite_kiosk(
                counter_id, row["kiosk"], actor=administrator, city=city, now=now
            )
            register_kiosk(secret, city=city, now=now)


def visits(
    seed: int, reports: int, *, city: City, calendar: Calendar, now: datetime
) -> Iterator[Visit]:
    """The ratings of a year in which so many reports are sent, in no order."""
    places = _places()
    for number in range(reports // REPORTS_FOR_A_VISIT):
        random = Random(f"{seed}:visit:{number}")
        day = calendar.local_day(now) - timedelta(days=random.randrange(1, DAYS))
        if calendar.is_working_day(day):
            at = calendar.end_of_working_day(day) - timedelta(minutes=random.randint(5, 200))
            yield _visit(random, at, places, city)


def _visit(random: Random, at: datetime, places: list[_Place], city: City) -> Visit:
    place = chosen(random, places, [place.share for place in places])
    yield at
    kiosk_id = place.kiosk_id if random.random() < AT_KIOSK else None
    device = hashlib.sha256(random.randbytes(16)).hexdigest()
    pleased = random.random() < place.pleases
    level = RatingLevel.SATISFIED
    if not pleased:
        level = random.choice((RatingLevel.ACCEPTABLE, RatingLevel.DISSATISFIED))
    for _ in range(2 if random.random() < TWICE else 1):
        token = rate_counter(
            place.counter_id,
            level=level,
            device=device,
            channel=CounterChannel.QR,
            kiosk_id=kiosk_id,
            city=city,
            now=at,
        )
        at += timedelta(seconds=random.randint(3, 25))
    if random.random() < TELLS_MORE:
        say_more(
            token,
            level=level,
            reason=None if pleased else random.choice(list(CounterReason)),
            comment=words.remark(f"counter_{level.value}", random),
            city=city,
            now=at,
        )


def _places() -> list[_Place]:
    """The counters in the order of the data, which is the order they were made in."""
    with reading() as session:
        ids = session.scalars(select(Counter.id).order_by(Counter.id)).all()
        kiosks = {kiosk.counter_id: kiosk.id for kiosk in session.scalars(select(Kiosk))}
    rows = read("counters")["counter"]
    return [
        _Place(counter_id, kiosks.get(counter_id), row["pleases"], row["share"])
        for counter_id, row in zip(ids, rows, strict=True)
    ]
