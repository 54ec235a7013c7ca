"""The e-mail address of a follower: stored sealed, found by a blind index, as reporters' are."""

from feedback.domain.contacts import email_key
from feedback.operations.city import City
from feedback.storage.models import Follower

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
