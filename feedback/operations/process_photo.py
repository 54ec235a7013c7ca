"""An uploaded photo becomes the two re-encoded sizes people see, and the original goes."""

from collections.abc import Callable
from datetime import datetime

from feedback.domain.states import PhotoProblem, PhotoState
from feedback.imaging import PhotoRejected, Rendered, render_in_child
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.files.keys import photo_key
from feedback.storage.queries import photos

TRUSTED_ATTEMPTS = 3


def process_photo(
    photo_id: int,
    *,
    city: City,
    now: datetime,
    claim: Claim | None = None,
    rendering: Callable[[bytes], Rendered] = render_in_child,
) -> None:
    """Decode and re-encode one photo in a limited child; a bad one is marked with its problem.

    Doing it again changes nothing. A photo whose processing has died more than three times is
    marked as too much for the machine and not decoded again. Raises WorkAlreadyDone when the claim
    is not held any more. `rendering` is for whoever has many copies of the same few pictures.
    """
    with transaction(city) as session:
        photo = photos.for_change(session, photo_id)
        if photo is None or photo.state is not PhotoState.UPLOADED:
            complete(session, claim, now)
            return
        key = photo.original_key
    result = _rendered(key, city, claim, rendering)
    if isinstance(result, Rendered):
        large, small = photo_key(result.large), photo_key(result.small)
        city.files.put(large, result.large)
        city.files.put(small, result.small)
    with transaction(city) as session:
        photo = photos.for_change(session, photo_id)
        complete(session, claim, now)
        if photo is None or photo.state is not PhotoState.UPLOADED:
            return
        photo.processed_at = now
        if isinstance(result, PhotoProblem):
            photo.state, photo.problem = PhotoState.FAILED, result
        else:
            photo.state = PhotoState.READY
            photo.large_key, photo.small_key = large, small
            photo.width, photo.height = result.width, result.height
    city.files.delete(key)


def _rendered(
    key: str, city: City, claim: Claim | None, rendering: Callable[[bytes], Rendered]
) -> Rendered | PhotoProblem:
    if claim is not None and claim.attempt > TRUSTED_ATTEMPTS:
        return PhotoProblem.TOO_MUCH_MEMORY
    with city.files.open(key) as original:
        data = original.read()
    try:
        return rendering(data)
    except PhotoRejected as rejected:
        return rejected.problem
