"""A photo comes in, ahead of the form it belongs to or with it."""

import hashlib
import secrets
from datetime import datetime
from typing import IO

from feedback.domain.errors import Invalid
from feedback.domain.events import Event
from feedback.domain.states import PhotoPurpose, PhotoState
from feedback.imaging import PhotoRejected, inspect_header
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.operations.transaction import transaction
from feedback.storage.files.keys import original_key
from feedback.storage.models import Photo


def upload_photo(
    stream: IO[bytes],
    size: int,
    *,
    purpose: PhotoPurpose,
    read_place: bool = False,
    city: City,
    now: datetime,
) -> Photo:
    """Keep an uploaded photo and promise its processing; returns it, detached.

    `stream` holds `size` bytes. The place in its metadata is read only when `read_place` says that
    the reporter agreed. Raises Invalid naming `photos` with the problem its header tells of.
    """
    try:
        header = inspect_header(stream, size)
    except PhotoRejected as rejected:
        raise Invalid({"photos": rejected.problem.value}) from rejected
    stream.seek(0)
    content = stream.read()
    upload_id = secrets.token_urlsafe(24)
    # The file is safe before the row that names it; a file without a row is swept up later.
    key = original_key(upload_id)
    city.files.put(key, content)
    place = header.place if read_place and header.place is not None else (None, None)
    photo = Photo(
        upload_id=upload_id,
        purpose=purpose,
        state=PhotoState.UPLOADED,
        original_key=key,
        original_sha256=hashlib.sha256(content).hexdigest(),
        original_bytes=size,
        latitude=place[0],
        longitude=place[1],
        uploaded_at=now,
    )
    with transaction(city) as session:
        session.add(photo)
        session.flush()
        promise(session, Event.PHOTO_UPLOADED, now, photo_id=photo.id)
        # Loaded and let go, so that reading it later does not open a transaction unawares.
        session.flush()
        session.refresh(photo)
        session.expunge(photo)
    return photo
