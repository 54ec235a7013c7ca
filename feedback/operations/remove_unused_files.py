"""Files of photos that were erased are removed, unless another photo consists of the same bytes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback.domain.events import Event
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.transaction import transaction
from feedback.storage.queries import erasure, photos

# A file put so lately may belong to a photo whose row is about to be written.
JUST_PUT = timedelta(minutes=2)


def remove_unused_files(
    keys: Sequence[str], *, city: City, now: datetime, claim: Claim | None = None
) -> None:
    """Remove those of these files that no photo needs; a file put just now is looked at again.

    The files go before the commit: broken off in between, it is done again.
    """
    with transaction(city) as session:
        used = photos.files_in_use(session, keys) | photos.originals_awaited(session, keys)
        unused = set(keys) - used - erasure.document_files_in_use(session, keys)
        young = {key for key in unused if _just_put(key, city, now)}
        for key in unused - young:
            city.files.delete(key)
        if young:
            promise(session, Event.FILES_LEFT, now + JUST_PUT, keys=sorted(young))
        complete(session, claim, now)


def _just_put(key: str, city: City, now: datetime) -> bool:
    stored_at = city.files.stored_at(key)
    return stored_at is not None and stored_at > now - JUST_PUT
