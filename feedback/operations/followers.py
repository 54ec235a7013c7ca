"""The e-mail address of a follower: stored sealed, found by a blind index, as reporters' are."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from feedback.domain.contacts import email_key
from feedback.operations.city import City
from feedback.storage.models import Follower
from feedback.storage.queries import followers

PURPOSE = "follower"
EMAIL = "follower.email"
CONFIRM_WITHIN = timedelta(days=7)
TOKEN_BYTES = 24


def write_address(follower: Follower, address: str, *, city: City) -> None:
    """Seal an e-mail address into its row, under the newest key."""
    key = email_key(address)
    follower.sealed = city.seal.seal(address, PURPOSE)
    follower.email_index = city.seal.index(key, EMAIL) if key else None


def address_of(follower: Follower, *, city: City) -> str:
    """The address in the clear, for a letter; empty where no news are wanted.

    Raises CannotOpen when its key is not configured any more.
    """
    return city.seal.open(follower.sealed, PURPOSE) if follower.sealed else ""


def is_address(follower: Follower, address: str, *, city: City) -> bool:
    """Whether this is the address a follower left before, in any spelling."""
    key = email_key(address)
    return bool(key) and follower.email_index in city.seal.indexes(key or "", EMAIL)


def forget_address(follower: Follower) -> None:
    """Take the address away, and with it the consent; the device still counts."""
    follower.sealed = follower.email_index = None
    follower.consent_version = ""
    follower.consented_at = follower.confirmed_at = None
    follower.token = new_token()


def forget_person(follower: Follower) -> None:
    """Take away all that leads to somebody; one of those whom a report concerned still counts."""
    forget_address(follower)
    follower.device = secrets.token_hex(32)


def new_token() -> str:
    """A secret for the links in letters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def followings_of(session: Session, typed: str, *, city: City) -> Sequence[Follower]:
    """Every following whose news go to the typed e-mail address, under any configured key."""
    key = email_key(typed)
    return followers.with_index(session, city.seal.indexes(key, EMAIL)) if key else []
