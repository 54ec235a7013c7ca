"""Somebody rates a service counter with one press, and may say more afterwards."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback.domain.counter_ratings import flag_of, rush_so_far
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.states import (
    CounterChannel,
    CounterFlag,
    CounterReason,
    PhotoPurpose,
    RatingLevel,
)
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.photos import find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Counter, CounterRating, Kiosk
from feedback.storage.queries import counters

MAX_COUNTER_COMMENT = 1_000
SAYING_MORE = timedelta(minutes=30)
TOKEN_BYTES = 24


def rate_counter(
    counter_id: int,
    *,
    level: RatingLevel | None,
    device: str,
    channel: CounterChannel = CounterChannel.WEB,
    kiosk_id: int | None = None,
    city: City,
    now: datetime,
) -> str:
    """Keep one press of a face, and return the secret by which its maker may say more.

    `device` is a keyed hash; a press at a registered kiosk names it, and is of that channel. A
    doubtful press is flagged, never dropped; so are the earlier ones of a rush that it makes known.
    Raises NotFound for a counter that does not exist or is closed, Invalid naming `level`.
    """
    if level is None:
        raise Invalid({"level": "required"})
    with transaction(city) as session:
        # Locked, so that presses at the same moment see each other.
        counter = session.get(Counter, counter_id, with_for_update=True)
        if counter is None or not counter.active:
            raise NotFound("counter_not_found")
        known = session.get(Kiosk, kiosk_id) if kiosk_id is not None else None
        at_kiosk = known is not None and known.counter_id == counter_id and not known.ended_at
        before = counters.presses_since(session, counter_id, now - city.rush.within)
        rating = CounterRating(
            counter_id=counter_id,
            kiosk_id=kiosk_id if at_kiosk else None,
            channel=CounterChannel.KIOSK if at_kiosk else channel,
            level=level,
            comment="",
            device=device,
            flag=flag_of(now, counters.last_press(session, counter_id, device), at_kiosk=at_kiosk),
            token=secrets.token_urlsafe(TOKEN_BYTES),
            rated_at=now,
        )
        session.add(rating)
        session.flush()
        _flag_rush(session, counter_id, rush_so_far(now, before, city.rush))
        return rating.token


def _flag_rush(session: Session, counter_id: int, moments: Collection[datetime]) -> None:
    """Flag the presses of a rush; what is doubted already keeps its reason."""
    if moments:
        session.execute(
            update(CounterRating)
            .where(
                CounterRating.counter_id == counter_id,
                CounterRating.rated_at.between(min(moments), max(moments)),
                CounterRating.flag.is_(None),
            )
            .values(flag=CounterFlag.RUSH)
        )


def say_more(
    token: str,
    *,
    level: RatingLevel | None,
    reason: CounterReason | None,
    comment: str,
    photo_ids: Sequence[str] = (),
    city: City,
    now: datetime,
) -> None:
    """Add a reason, a comment and photos to a press, or mend the face, within half an hour.

    Raises NotFound, Conflict when the time is over, Invalid naming `level`, `comment` or `photos`.
    """
    comment = normalise(comment)
    if level is None:
        raise Invalid({"level": "required"})
    if len(comment) > MAX_COUNTER_COMMENT:
        raise Invalid({"comment": "too_long"})
    with transaction(city) as session:
        rating = counters.rating_by_token(session, token)
        if rating is None:
            raise NotFound("no_such_rating")
        if now - rating.rated_at > SAYING_MORE:
            raise Conflict("rating_is_kept")
        uploads = find_uploads(session, photo_ids, PhotoPurpose.COUNTER)
        rating.level, rating.reason, rating.comment = level, reason, comment
        for position, photo in enumerate(uploads):
            photo.counter_rating_id = rating.id
            photo.position = position
