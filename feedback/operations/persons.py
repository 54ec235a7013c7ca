"""One person's data: found by e-mail address or telephone number, erased when they ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.contacts import email_key, phone_key
from feedback.domain.errors import Invalid, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_administrator
from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import FINISHED_REPORT_STATES, ReportState
from feedback.operations.anonymise import REQUEST, anonymise, erase_contact
from feedback.operations.city import City
from feedback.operations.followers import followings_of, forget_person
from feedback.operations.lifecycle import Life
from feedback.operations.privacy_record import checked_reason, note_deed
from feedback.operations.reporters import reporters_with
from feedback.operations.transaction import transaction
from feedback.storage.models import Report
from feedback.storage.queries import persons, report_pages


class OpenReports(StrEnum):
    """What becomes of the content of reports that are still being worked on."""

    LATER = "later"  # the contact goes now, the content when the report is finished
    NOW = "now"


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One report of a person, as far as it takes to recognise it."""

    code: str
    text: str
    state: ReportState
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What is stored of a person: the reports they sent, and the codes of those they follow."""

    reports: Sequence[PersonReport]
    followed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did. `later` are the reports whose content goes when they are finished,
    `followed` those of others that the person had news of."""

    reports: int
    later: int
    photos: int
    followed: int


def checked_contact(typed: str) -> str:
    """A typed contact that can be somebody's. Raises Invalid naming `contact`."""
    if not typed.strip():
        raise Invalid({"contact": "required"})
    if email_key(typed) is None and phone_key(typed) is None:
        raise Invalid({"contact": "not_a_contact"})
    return typed


def find_person(typed: str, *, actor: Actor, city: City, now: datetime) -> PersonFound:
    """What is stored of whoever has this address or number; the search stands in the record.

    Raises NotAllowed, Invalid naming `contact`.
    """
    require_administrator(actor)
    checked_contact(typed)
    with transaction(city) as session:
        found = reports_with(session, typed, city)
        followings = followings_of(session, typed, city=city)
        followed = [report_pages.code_of(session, one.report_id) for one in followings]
        note_deed(
            session,
            PrivacyDeed.PERSON_SOUGHT,
            now,
            account_id=actor.account_id,
            data={"reports": len(found), "followed": len(followed)},
        )
        reports = [PersonReport(r.code, r.text, r.state, r.received_at) for r in found]
        return PersonFound(reports, followed)


def erase_person(
    typed: str, *, reason: str, open_reports: OpenReports, actor: Actor, city: City, now: datetime
) -> Erasure:
    """Erase everything of whoever has this address or number, in one commit.

    Who sent the reports goes at once, and that they follow others'; the content too, but for
    reports still being worked on unless `open_reports` says NOW. Raises NotAllowed, Invalid naming
    `contact` or `reason`, NotFound when there is nothing.
    """
    require_administrator(actor)
    checked_contact(typed)
    reason = checked_reason(reason)
    reports = later = photos = 0
    with transaction(city) as session:
        found = {report.id: report.code for report in reports_with(session, typed, city)}
        followings = followings_of(session, typed, city=city)
        if not found and not followings:
            raise NotFound("person_not_found")
        for follower in followings:
            forget_person(follower)
        for report_id in found:
            life = Life.open(session, city, report_id, actor, now)
            finished = life.report.state in FINISHED_REPORT_STATES
            if finished or open_reports is OpenReports.NOW:
                photos += anonymise(life, why=REQUEST)
                reports += 1
            else:
                erase_contact(session, life.report, city)
                life.report.erasure_wanted_at = now
                life.record(HistoryKind.ERASED, data={"why": REQUEST, "what": "contact"})
                later += 1
            life.settle()
        note_deed(
            session,
            PrivacyDeed.ERASED,
            now,
            account_id=actor.account_id,
            reason=reason,
            data={
                "reports": reports,
                "later": later,
                "photos": photos,
                "followed": len(followings),
                "codes": list(found.values()),  # to be erased again after an old backup came back
            },
        )
    return Erasure(reports, later, photos, len(followings))


def reports_with(session: Session, typed: str, city: City) -> Sequence[Report]:
    """The reports whose reporter has this address or number, oldest first."""
    rows = reporters_with(session, typed, city=city)
    return persons.reports_of(session, [row.id for row in rows])
