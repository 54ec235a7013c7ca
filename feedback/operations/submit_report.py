"""A report comes in: the one door for the web, the command line, the demo city and imports."""

import hashlib
import json
import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.codes import make_code
from feedback.domain.contacts import Contact, spelt_email
from feedback.domain.errors import Conflict, Invalid, Refusals
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import (
    Channel,
    PhotoPurpose,
    PlaceSource,
    ReportState,
    Visibility,
)
from feedback.domain.text import fold, normalise, one_line
from feedback.domain.transitions import Need, check_report_step
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.reference import Reference
from feedback.operations.reporters import new_reporter
from feedback.operations.routing import route
from feedback.operations.transaction import transaction
from feedback.storage.models import Photo, Report
from feedback.storage.queries import photos, places, reports

MAX_TEXT = 5_000
MAX_ADDRESS = 300
TOKEN_BYTES = 24
SUBMISSION = "submission"
ATTEMPTS = 4  # with 200,000 reports one code drawn in 140 is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What a reporter sends. Empty strings and None mean "not given".

    `category_id` None is "don't know". The place is a point (degrees, WGS84), an area, or an
    address text. `photo_ids` are upload ids in order. Contact needs `consent_version`.
    """

    submission_id: UUID
    category_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    place_source: PlaceSource | None = None
    area_id: int | None = None
    address_text: str = ""
    text: str = ""
    photo_ids: tuple[str, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    consent_version: str = ""
    language: str = "vi"
    channel: Channel = Channel.WEB
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter gets.

    `due` is None until the report is with a unit; `repeated` tells that it had come in before.
    """

    report_id: int
    code: str
    token: str
    due: datetime | None
    repeated: bool


def submit_report(
    draft: ReportDraft, *, city: City, now: datetime, actor: Actor = CITIZEN
) -> Receipt:
    """Accept a report: store it, route it and promise the work on it, in one commit.

    The same draft sent again answers with the same receipt. Raises Conflict when its submission id
    came with another body, Invalid naming each field that cannot be accepted, NotAllowed when the
    actor may not report.
    """
    draft = _cleaned(draft)

    def once() -> Receipt:
        with transaction(city) as session:
            return _submit(session, draft, city, now, actor)

    for _ in range(1, ATTEMPTS):
        try:
            return once()
        except IntegrityError:
            continue  # the code drawn was taken, or the same draft was accepted at this moment
        except Invalid:
            break  # its photos may have gone to that same draft, whose report can be seen now
    return once()


def _cleaned(draft: ReportDraft) -> ReportDraft:
    """The draft with its texts as they are stored and measured, and each photo named once.

    An accuracy that is none is left out: nobody typed it, so nobody could correct it.
    """
    accuracy = draft.accuracy_m
    return replace(
        draft,
        accuracy_m=accuracy if accuracy is not None and 0 <= accuracy < math.inf else None,
        photo_ids=tuple(dict.fromkeys(draft.photo_ids)),
        text=normalise(draft.text),
        address_text=one_line(draft.address_text),
        contact_name=one_line(draft.contact_name),
        contact_email=one_line(draft.contact_email),
        contact_phone=one_line(draft.contact_phone),
    )


def _submit(
    session: Session, draft: ReportDraft, city: City, now: datetime, actor: Actor
) -> Receipt:
    known = reports.by_submission(session, str(draft.submission_id))
    if known is not None:
        return _repeat(session, known, draft, city)
    today = now.astimezone(city.zone).date()
    reference = Reference(session, city)
    refusals = Refusals()
    with refusals.gathered():
        check_report_step(None, ReportState.RECEIVED, parties_of(actor), _given(draft))
    with refusals.gathered():
        _check_fields(draft)
    with refusals.gathered():
        uploads = find_uploads(session, draft.photo_ids, PhotoPurpose.REPORT)
    with refusals.gathered():
        if draft.category_id is not None:
            reference.directory.open_category(draft.category_id, today)
    with refusals.gathered():
        area_id = _area(session, reference, draft, city, today)
    refusals.raise_all()
    report = _make(draft, uploads, area_id, city, now)
    life = Life(reference, report, actor, now)
    life.record(
        HistoryKind.RECEIVED,
        states=(None, ReportState.RECEIVED),
        public=True,
        claimed_at=draft.claimed_at,
        data={"category_id": report.category_id, "area_id": report.area_id},
    )
    route(life)
    life.settle()
    attach(uploads, report)
    return _receipt(report, repeated=False)


def _repeat(session: Session, known: Report, draft: ReportDraft, city: City) -> Receipt:
    """Answer a repeated send with the first one's receipt, unless its body differs."""
    contents = photos.contents(session, draft.photo_ids)
    if not city.seal.matches(known.submission_digest, _digest(draft, contents), SUBMISSION):
        raise Conflict("submission_differs", report_code=known.code)
    return _receipt(known, repeated=True)


def _receipt(report: Report, *, repeated: bool) -> Receipt:
    return Receipt(report.id, report.code, report.token, report.due, repeated)


def _digest(draft: ReportDraft, contents: Mapping[str, str]) -> str:
    """A fingerprint of what the reporter said; photos count by content, by upload id in
    `contents`.

    Stored as a blind index only: telephone numbers are few enough to try them all out.
    """
    body = [
        draft.category_id,
        draft.latitude,
        draft.longitude,
        draft.area_id,
        draft.address_text,
        draft.text,
        [contents.get(upload_id, "") for upload_id in draft.photo_ids],
        draft.contact_name,
        draft.contact_email,
        draft.contact_phone,
    ]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def _given(draft: ReportDraft) -> set[Need]:
    """Which of the requirements of a report are met."""
    has_point = draft.latitude is not None and draft.longitude is not None
    met = {
        Need.PLACE: has_point or draft.area_id is not None or bool(draft.address_text),
        Need.CONTENT: bool(draft.photo_ids or draft.text),
    }
    return {need for need, is_met in met.items() if is_met}


def _check_fields(draft: ReportDraft) -> None:
    """Refuse a draft that holds what a report cannot."""
    problems = {
        **_too_long("text", draft.text, MAX_TEXT),
        **_too_long("address_text", draft.address_text, MAX_ADDRESS),
        **_contact_problems(draft),
    }
    if (draft.latitude is None) != (draft.longitude is None):
        problems["place"] = "half_a_point"
    if problems:
        raise Invalid(problems)


def _too_long(name: str, value: str, limit: int) -> dict[str, str]:
    return {name: "too_long"} if len(value) > limit else {}


def _contact_problems(draft: ReportDraft) -> dict[str, str]:
    problems = {
        **_too_long("contact_name", draft.contact_name, 120),
        **_too_long("contact_phone", draft.contact_phone, 40),
    }
    if draft.contact_email and spelt_email(draft.contact_email) is None:
        problems["contact_email"] = "not_an_email"
    if draft.contact_phone and sum(c.isdigit() for c in draft.contact_phone) < 8:
        problems["contact_phone"] = "not_a_phone"
    if _has_contact(draft) and not draft.consent_version:
        problems["consent"] = "required"
    return problems


def _has_contact(draft: ReportDraft) -> bool:
    return bool(draft.contact_name or draft.contact_email or draft.contact_phone)


def _area(
    session: Session, reference: Reference, draft: ReportDraft, city: City, today: date
) -> int | None:
    """The id of the area of the point, or else of the one the reporter named.

    A point far off every area is refused unless an area was named: it is somewhere else.
    """
    if draft.latitude is not None and draft.longitude is not None:
        located = reference.areas(today).locate(
            draft.latitude, draft.longitude, city.area_snap_metres
        )
        if located is not None:
            return located.area_id
        if draft.area_id is None:
            raise Invalid({"place": "outside_the_city"})
    if draft.area_id is None:
        return None
    area = places.area_on(session, draft.area_id, today)
    if area is None:
        raise Invalid({"area_id": "unknown_area"})
    return area.id


def _make(
    draft: ReportDraft, uploads: Sequence[Photo], area_id: int | None, city: City, now: datetime
) -> Report:
    contents = {upload.upload_id: upload.original_sha256 for upload in uploads}
    report = Report(
        code=make_code(secrets.randbelow),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        submission_id=str(draft.submission_id),
        submission_digest=city.seal.index(_digest(draft, contents), SUBMISSION),
        version=0,
        state=ReportState.RECEIVED,
        visibility=Visibility.PENDING,
        channel=draft.channel,
        language=draft.language,
        category_id=draft.category_id,
        area_id=area_id,
        latitude=draft.latitude,
        longitude=draft.longitude,
        accuracy_m=draft.accuracy_m,
        place_source=draft.place_source,
        address_text=draft.address_text,
        text=draft.text,
        folded_text=fold(f"{draft.text} {draft.address_text}"),
        received_at=now,
        claimed_at=draft.claimed_at,
        changed_at=now,
        rounds=[],
        assignments=[],
    )
    if _has_contact(draft):
        contact = Contact(
            draft.contact_name, spelt_email(draft.contact_email) or "", draft.contact_phone
        )
        report.reporter = new_reporter(
            contact, consent_version=draft.consent_version, city=city, now=now
        )
    return report
