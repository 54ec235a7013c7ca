"""A report loses what is personal in it; what it counts for stays.

The steps, the states, the category, the area, the levels of ratings and every moment remain: all
figures are computed from those.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.contacts import Contact
from feedback.domain.events import Event
from feedback.domain.geography import round_point
from feedback.domain.histories import HistoryKind
from feedback.domain.privacy import ROUNDED_TO_METRES, erased_mark, without_traces
from feedback.domain.states import ActorKind
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import promise
from feedback.operations.reporters import contact_of
from feedback.storage.models import Report
from feedback.storage.queries import cases, erasure, histories, letters, photos, requests
from feedback.storage.sealing import CannotOpen

RETENTION, REQUEST = "retention", "request"


def anonymise(life: Life, *, why: str) -> int:
    """Take everything personal out of a report; the caller settles. Returns how many photos go.

    Its own words and the citizen's become a mark; from what staff wrote, what gives the reporter
    away. `why` is RETENTION or REQUEST and stands in the history.
    """
    session, report, now = life.session, life.report, life.now
    contact = erase_contact(session, report, life.city)
    mark = erased_mark(report.language)
    report.text = mark if report.text else ""
    report.address_text = mark if report.address_text else ""
    report.folded_text = ""
    report.submission_digest = ""
    report.rejection_text = without_traces(report.rejection_text, contact, mark)
    report.accuracy_m = None
    if report.latitude is not None and report.longitude is not None:
        report.latitude, report.longitude = round_point(
            report.latitude, report.longitude, ROUNDED_TO_METRES
        )
    _erase_words(session, report, contact, mark)
    _erase_letters(session, report, contact, mark, now)
    count = _remove_files(session, report, now)
    report.anonymised_at = now
    report.erasure_wanted_at = None
    life.record(HistoryKind.ERASED, data={"why": why, "what": "all"})
    return count


def erase_contact(session: Session, report: Report, city: City) -> Contact | None:
    """Delete who sent a report; gives the contact once more, so that it can be found in texts."""
    reporter = report.reporter
    if reporter is None:
        return None
    try:
        contact = contact_of(reporter, city=city)
    except CannotOpen:
        contact = None  # its key is gone, and with it the last who could have read it
    report.reporter = None
    session.flush()
    session.delete(reporter)
    return contact


def _erase_words(session: Session, report: Report, contact: Contact | None, mark: str) -> None:
    for assignment in report.assignments:
        assignment.answer_text = without_traces(assignment.answer_text, contact, mark)
    for request in requests.of_report(session, report.id):
        request.reason = without_traces(request.reason, contact, mark)
        request.decision_reason = without_traces(request.decision_reason, contact, mark)
    for rating in cases.ratings(session, report.id):
        rating.comment = mark if rating.comment else ""
    for entry in histories.of_report(session, report.id):
        if entry.note and entry.actor_kind is ActorKind.CITIZEN:
            entry.note = mark
        elif entry.note:
            entry.note = without_traces(entry.note, contact, mark)


def _erase_letters(
    session: Session, report: Report, contact: Contact | None, mark: str, now: datetime
) -> None:
    """What gives the reporter away goes from letters too, and with it the paper that says it."""
    for letter in letters.of_report(session, report.id):
        letter.reason = without_traces(letter.reason, contact, mark)
        cleaned = {
            name: without_traces(value, contact, mark) if isinstance(value, str) else value
            for name, value in (letter.text or {}).items()
        }
        if letter.text is None or cleaned == letter.text:
            continue
        letter.text = cleaned
        if letter.file_key:
            promise(session, Event.FILES_LEFT, now, keys=[letter.file_key])
            letter.file_key = ""


def _remove_files(session: Session, report: Report, now: datetime) -> int:
    """Delete the rows of photos and documents; gives the number of photos.

    The files follow by a job, which is promised in the same commit.
    """
    pictures = photos.of_report(session, report.id)
    keys = {
        key
        for photo in pictures
        for key in (photo.original_key, photo.large_key, photo.small_key)
        if key
    }
    papers = erasure.documents_of(session, report.id)
    keys |= {document.key for document in papers}
    for row in (*pictures, *papers):
        session.delete(row)
    if keys:
        promise(session, Event.FILES_LEFT, now, keys=sorted(keys))
    return len(pictures)
