"""One person's data as a file they can be given: JSON, and their photos."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.contacts import Contact
from feedback.domain.errors import NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import ActorKind, PhotoPurpose
from feedback.operations.city import City
from feedback.operations.followers import address_of, followings_of
from feedback.operations.persons import checked_contact, reports_with
from feedback.operations.privacy_record import checked_reason, note_deed
from feedback.operations.reporters import opened_contact
from feedback.operations.transaction import transaction
from feedback.storage.models import Follower, HistoryEntry, Photo, Report
from feedback.storage.queries import cases, histories, photos, privacy, report_pages

THEIRS = frozenset({PhotoPurpose.REPORT, PhotoPurpose.RATING})
JSON_NAME = "data.json"


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds."""

    reports: int
    photos: int


def export_person(
    typed: str, into: BinaryIO, *, reason: str, actor: Actor, city: City, now: datetime
) -> Export:
    """Write a ZIP of everything stored of whoever has this address or number.

    Public steps, their own words and how often somebody looked at who they are belong to it; other
    people's names and the city's internal notes do not. The export stands in the record before it
    is given out. Raises NotAllowed, Invalid naming `contact` or `reason`, NotFound.
    """
    require_administrator(actor)
    checked_contact(typed)
    reason = checked_reason(reason)
    with transaction(city) as session:
        found = reports_with(session, typed, city)
        followings = followings_of(session, typed, city=city)
        if not found and not followings:
            raise NotFound("person_not_found")
        theirs = {report.id: _their_photos(session, report) for report in found}
        said = {
            "exported_at": now.isoformat(),
            "reports": [_report(session, report, theirs[report.id], city) for report in found],
            "followings": [_following(session, one, city) for one in followings],
        }
        count = sum(len(pictures) for pictures in theirs.values())
        note_deed(
            session,
            PrivacyDeed.EXPORTED,
            now,
            account_id=actor.account_id,
            reason=reason,
            data={"reports": len(found), "photos": count},
        )
        files = [(_name(report, photo), photo.large_key) for report in found
                 for photo in theirs[report.id]]  # fmt: skip
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        archive.writestr(JSON_NAME, json.dumps(said, ensure_ascii=False, indent=2))
        _add_files(archive, files, city)
    return Export(len(found), count)


def _add_files(archive: ZipFile, files: Iterable[tuple[str, str]], city: City) -> None:
    for name, key in files:
        with city.files.open(key) as stream:
            archive.writestr(name, stream.read(), compress_type=ZIP_STORED)


def _their_photos(session: Session, report: Report) -> Sequence[Photo]:
    """The citizen's own finished photos of a report."""
    found = photos.of_report(session, report.id)
    return [photo for photo in found if photo.purpose in THEIRS and photo.large_key]


def _name(report: Report, photo: Photo) -> str:
    return f"photos/{report.code}-{photo.id}.jpg"


def _following(session: Session, follower: Follower, city: City) -> dict[str, Any]:
    return {
        "report": report_pages.code_of(session, follower.report_id),
        "email": address_of(follower, city=city),
        "consent": {
            "version": follower.consent_version,
            "given_at": _moment(follower.consented_at),
        },
        "confirmed_at": _moment(follower.confirmed_at),
        "followed_at": _moment(follower.followed_at),
    }


def _report(
    session: Session, report: Report, pictures: Sequence[Photo], city: City
) -> dict[str, Any]:
    reporter = report.reporter
    contact = opened_contact(reporter, city=city) if reporter else Contact()
    return {
        "code": report.code,
        "contact": {"name": contact.name, "email": contact.email, "phone": contact.phone},
        "consent": {
            "version": reporter.consent_version if reporter else "",
            "given_at": _moment(reporter.consented_at if reporter else None),
        },
        "received_at": _moment(report.received_at),
        "channel": report.channel.value,
        "language": report.language,
        "state": report.state.value,
        "visibility": report.visibility.value,
        "category": report.category.name_vi if report.category else "",
        "area": report.area.full_name if report.area else "",
        "text": report.text,
        "address": report.address_text,
        "point": {
            "latitude": report.latitude,
            "longitude": report.longitude,
            "accuracy_m": report.accuracy_m,
        },
        "answers": [
            {"unit": a.unit.short_name, "text": a.answer_text, "at": _moment(a.answered_at)}
            for a in report.assignments
            if a.answer_text
        ],
        "ratings": [
            {"level": r.level.value, "comment": r.comment, "at": _moment(r.rated_at)}
            for r in cases.ratings(session, report.id)
        ],
        "history": [
            {"what": entry.kind.value, "at": _moment(entry.at), "note": entry.note}
            for entry in histories.of_report(session, report.id)
            if _is_theirs(entry)
        ],
        "identity_opened": [
            {"at": _moment(look.at), "reason": look.reason}
            for look in privacy.openings_of(session, report.id)
        ],
        "photos": [_name(report, photo) for photo in pictures],
    }


def _is_theirs(entry: HistoryEntry) -> bool:
    return entry.public or entry.actor_kind is ActorKind.CITIZEN


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
