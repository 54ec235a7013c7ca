"""A device of the city's own is made known as the kiosk of a counter, and let go again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.permissions import require_administrator
from feedback.operations.city import City
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import Counter, Kiosk
from feedback.storage.queries import counters

INVITATION_LASTS = timedelta(hours=24)
MAX_KIOSK_NAME = 120
SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Registered:
    """What a device keeps of its registration."""

    kiosk_id: int
    key: str
    counter_code: str


def invite_kiosk(
    counter_id: int, name: str, *, actor: Actor, city: City, now: datetime
) -> tuple[int, str]:
    """Announce a device for a counter; returns its id and the secret of its one-time link.

    The secret is shown once and lasts a day; the store has only its hash. Raises NotAllowed,
    NotFound, Conflict for a closed counter, Invalid naming `name`.
    """
    require_administrator(actor)
    fields = Fields()
    name = fields.line("name", name, MAX_KIOSK_NAME)
    fields.raise_all()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction(city) as session:
        counter = session.get(Counter, counter_id)
        if counter is None:
            raise NotFound("counter_not_found")
        if not counter.active:
            raise Conflict("counter_closed")
        kiosk = Kiosk(
            counter_id=counter_id,
            name=name,
            invitation=hash_of(secret),
            invited_until=now + INVITATION_LASTS,
            created_at=now,
        )
        session.add(kiosk)
        session.flush()
        return kiosk.id, secret


def register_kiosk(secret: str, *, city: City, now: datetime) -> Registered:
    """Make the device that holds a one-time link's secret the kiosk. Raises NotFound."""
    key = secrets.token_urlsafe(SECRET_BYTES)
    with transaction(city) as session:
        kiosk = counters.invited(session, hash_of(secret))
        if kiosk is None or not is_invited(kiosk, now):
            raise NotFound("invitation_used_up")
        kiosk.invitation = kiosk.invited_until = None
        kiosk.key = hash_of(key)
        kiosk.registered_at = now
        return Registered(kiosk.id, key, kiosk.counter.code)


def end_kiosk(kiosk_id: int, *, actor: Actor, city: City, now: datetime) -> int:
    """Know a device no longer, and return the id of its counter; its ratings stay.

    Raises NotAllowed, NotFound.
    """
    require_administrator(actor)
    with transaction(city) as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise NotFound("kiosk_not_found")
        kiosk.ended_at = kiosk.ended_at or now
        kiosk.invitation = kiosk.invited_until = kiosk.key = None
        return kiosk.counter_id


def is_invited(kiosk: Kiosk, now: datetime) -> bool:
    """Whether a device's one-time link still leads somewhere."""
    until = kiosk.invited_until
    return until is not None and now <= until and kiosk.ended_at is None


def hash_of(secret: str) -> str:
    """What the store keeps of a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
