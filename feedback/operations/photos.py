"""Uploads becoming part of a report, an answer, a rating or a message."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose
from feedback.storage.models import Assignment, Message, Photo, Rating, Report
from feedback.storage.queries import photos

MAX_PHOTOS = {
    PhotoPurpose.REPORT: 5,
    PhotoPurpose.EVIDENCE: 5,
    PhotoPurpose.RATING: 3,
    PhotoPurpose.REPLY: 3,
    PhotoPurpose.NOTE: 5,
    PhotoPurpose.COUNTER: 3,
}


def find_uploads(session: Session, upload_ids: Sequence[str], purpose: PhotoPurpose) -> list[Photo]:
    """The uploads behind these ids, in their order.

    Raises Invalid naming `photos` when there are too many, or one is unknown or already used.
    """
    wanted = list(dict.fromkeys(upload_ids))
    if not wanted:
        return []
    if len(wanted) > MAX_PHOTOS[purpose]:
        raise Invalid({"photos": "too_many_photos"}, limit=MAX_PHOTOS[purpose])
    found = photos.unattached(session, wanted, purpose)
    missing = [upload_id for upload_id in wanted if upload_id not in found]
    if missing:
        raise Invalid({"photos": "photo_missing"}, missing=missing)
    return [found[upload_id] for upload_id in wanted]


def attach(
    uploads: Sequence[Photo],
    report: Report,
    *,
    assignment: Assignment | None = None,
    rating: Rating | None = None,
    message: Message | None = None,
) -> None:
    """Make uploads part of a report, and of an answer, rating or message about it."""
    for position, photo in enumerate(uploads):
        photo.report_id = report.id
        photo.assignment_id = assignment.id if assignment else None
        photo.rating_id = rating.id if rating else None
        photo.message_id = message.id if message else None
        photo.position = position
