"""Uploads that never became part of anything are removed, with their files."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.files.keys import IMPORTS, ORIGINALS
from feedback.storage.queries import documents, erasure, photos

KEPT = timedelta(days=1)
ROWS_AT_ONCE = 500
FILES_AT_ONCE = 500


def remove_left_uploads(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Remove photos that belonged to nothing for a day, and originals nobody will process.

    At most some hundred photos a run, so that nobody has to wait for it; the next run takes more.
    """
    before = now - KEPT
    with transaction(city) as session:
        left = photos.left_behind(session, before, ROWS_AT_ONCE)
        keys = {key for photo in left for key in (photo.large_key, photo.small_key) if key}
        for photo in left:
            session.delete(photo)
        session.flush()
        papers = documents.left_behind(session, before, ROWS_AT_ONCE)
        paper_keys = {document.key for document in papers}
        for document in papers:
            session.delete(document)
        session.flush()
        # The same picture may have come in a second time: its files are named by their content.
        unused = keys - photos.files_in_use(session, keys)
        unused |= paper_keys - erasure.document_files_in_use(session, paper_keys)
        complete(session, claim, now)
    # A file put again since then belongs to a photo whose row is about to be written.
    _delete(_old(unused, city, before), city)
    _delete(_orphans(city, before), city)


def _orphans(city: City, before: datetime) -> set[str]:
    """Originals nobody waits for and files no import names, both there for long."""
    keys = [key for folder in (ORIGINALS, IMPORTS) for key in city.files.keys(folder)]
    old = sorted(_old(keys, city, before))
    found = set(old)
    for start in range(0, len(old), FILES_AT_ONCE):
        some = old[start : start + FILES_AT_ONCE]
        with transaction(city) as session:
            found -= photos.originals_awaited(session, some)
            found -= erasure.document_files_in_use(session, some)
    return found


def _old(keys: Iterable[str], city: City, before: datetime) -> set[str]:
    found = {key: city.files.stored_at(key) for key in keys}
    return {key for key, stored_at in found.items() if stored_at and stored_at < before}


def _delete(keys: Iterable[str], city: City) -> None:
    for key in keys:
        city.files.delete(key)
