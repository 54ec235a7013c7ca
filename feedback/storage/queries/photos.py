"""Photos by what they belong to."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.domain.states import PhotoPurpose, PhotoState
from feedback.storage.models import Photo

_BELONGS_TO_NOTHING = (Photo.report_id.is_(None), Photo.counter_rating_id.is_(None))


def unattached(
    session: Session, upload_ids: Sequence[str], purpose: PhotoPurpose
) -> dict[str, Photo]:
    """The uploads of these ids that belong to nothing yet, locked, by upload id."""
    rows = session.scalars(
        select(Photo)
        .where(
            Photo.upload_id.in_(upload_ids),
            Photo.purpose == purpose,
            *_BELONGS_TO_NOTHING,
        )
        .order_by(Photo.id)  # all who want several lock them in the same order
        .with_for_update()
    )
    return {photo.upload_id: photo for photo in rows}


def for_change(session: Session, photo_id: int) -> Photo | None:
    """One photo, locked until the transaction ends."""
    return session.scalar(select(Photo).where(Photo.id == photo_id).with_for_update())


def of_report(session: Session, report_id: int) -> Sequence[Photo]:
    """Every photo of a report, its evidence and its ratings, in the order they were given."""
    return session.scalars(
        select(Photo).where(Photo.report_id == report_id).order_by(Photo.position, Photo.id)
    ).all()


def evidence_of(session: Session, assignment_id: int) -> Sequence[Photo]:
    """What a unit has shown so far with its answers to one assignment."""
    return session.scalars(
        select(Photo)
        .where(Photo.assignment_id == assignment_id, Photo.purpose == PhotoPurpose.EVIDENCE)
        .order_by(Photo.id)
    ).all()


def of_message(session: Session, message_id: int) -> Sequence[Photo]:
    """What came with a message, in the order it was given."""
    return session.scalars(
        select(Photo).where(Photo.message_id == message_id).order_by(Photo.position)
    ).all()


def contents(session: Session, upload_ids: Sequence[str]) -> dict[str, str]:
    """The fingerprint of what was uploaded under each id, attached since or not."""
    if not upload_ids:
        return {}
    rows = session.execute(
        select(Photo.upload_id, Photo.original_sha256).where(Photo.upload_id.in_(upload_ids))
    )
    return {row.upload_id: row.original_sha256 for row in rows}


def left_behind(session: Session, before: datetime, limit: int) -> Sequence[Photo]:
    """Photos uploaded and processed before a moment that belong to nothing, oldest first, locked;
    one that is just being attached is left out."""
    query = select(Photo).where(
        *_BELONGS_TO_NOTHING,
        Photo.uploaded_at < before,
        or_(Photo.processed_at.is_(None), Photo.processed_at < before),
    )
    query = query.order_by(Photo.uploaded_at, Photo.id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def originals_awaited(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these original files whose photos are still to be processed."""
    query = select(Photo.original_key).where(
        Photo.original_key.in_(keys), Photo.state == PhotoState.UPLOADED
    )
    return set(session.scalars(query))


def files_in_use(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these finished files that some photo consists of."""
    query = select(Photo.large_key, Photo.small_key).where(
        or_(Photo.large_key.in_(keys), Photo.small_key.in_(keys))
    )
    return {key for row in session.execute(query) for key in row} & set(keys)


def made_from(session: Session, original_key: str) -> Sequence[Photo]:
    """The photos whose original was this file, and that have been processed since."""
    query = select(Photo).where(
        Photo.original_key == original_key, Photo.state != PhotoState.UPLOADED
    )
    return session.scalars(query.order_by(Photo.id)).all()


def of_counter_ratings(session: Session, rating_ids: Sequence[int]) -> dict[int, list[Photo]]:
    """The photos that came with ratings of counters, by rating."""
    rows = session.scalars(
        select(Photo)
        .where(Photo.counter_rating_id.in_(rating_ids))
        .order_by(Photo.position, Photo.id)
    )
    found: dict[int, list[Photo]] = {}
    for photo in rows:
        found.setdefault(photo.counter_rating_id or 0, []).append(photo)
    return found
