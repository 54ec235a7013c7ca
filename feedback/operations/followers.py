"""The e-mail address of a follower: stored sealed, found by a blind index, as reporters' are."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from feedback.domain.contacts import email_key
from feedback.operations.city import City
from feedback.storage.models import Follower
from feedback.storage.queries import followers

PURPOSE = "follower"
EMAIL = "follower.email"


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


def followings_of(session: Session, typed: str, *, city: City) -> Sequence[Follower]:
    """Every following whose news go to the typed e-mail address, under any configured key."""
    key = email_key(typed)
    return followers.with_index(session, city.seal.indexes(key, EMAIL)) if key else []
