"""Who reported: stored sealed, found by a blind index, opened only where it is needed.

Only the code that really has to reach a person calls `contact_of`: notices to the reporter, the
logged opening by a dispatcher, export. Everybody else asks `contact_matches` or `reporters_with`.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.contacts import Contact, email_key, phone_key
from feedback.domain.errors import Conflict
from feedback.operations.city import City
from feedback.storage.models import Report, Reporter
from feedback.storage.queries import reporters
from feedback.storage.sealing import CannotOpen

PURPOSE = "reporter"
EMAIL, PHONE = "reporter.email", "reporter.phone"


def new_reporter(contact: Contact, *, consent_version: str, city: City, now: datetime) -> Reporter:
    """A reporter to be added to a session, the contact sealed and indexed."""
    reporter = Reporter(consent_version=consent_version, consented_at=now)
    write_contact(reporter, contact, city=city)
    return reporter


def contact_of(reporter: Reporter, *, city: City) -> Contact:
    """The contact in the clear. Raises CannotOpen when its key is not configured any more."""
    if reporter.sealed is None:
        return Contact(reporter.name, reporter.email, reporter.phone)
    return Contact(**json.loads(city.seal.open(reporter.sealed, PURPOSE)))


def opened_contact(reporter: Reporter, *, city: City) -> Contact:
    """The contact for a person who asks for it. Raises Conflict when its key is not configured."""
    try:
        return contact_of(reporter, city=city)
    except CannotOpen as error:
        raise Conflict("key_missing") from error


def write_contact(reporter: Reporter, contact: Contact, *, city: City) -> None:
    """Seal a contact into its row under the newest key, and leave nothing of it in the clear."""
    fields = {"name": contact.name, "email": contact.email, "phone": contact.phone}
    reporter.sealed = city.seal.seal(json.dumps(fields, ensure_ascii=False), PURPOSE)
    email, phone = email_key(contact.email), phone_key(contact.phone)
    reporter.email_index = city.seal.index(email, EMAIL) if email else None
    reporter.phone_index = city.seal.index(phone, PHONE) if phone else None
    reporter.name = reporter.email = reporter.phone = ""


def has_contact(report: Report) -> bool:
    """Whether somebody left a contact; who it is stays sealed."""
    return report.reporter_id is not None


def contact_matches(report: Report | None, typed: str, *, city: City) -> bool:
    """Whether a typed e-mail address or telephone number is that of the report's reporter.

    Decrypts nothing but rows from before sealing, and takes as long for a report that does not
    exist (None) as for a wrong contact.
    """
    reporter = report.reporter if report is not None else None
    if reporter is not None and reporter.sealed is None:
        return _plain_matches(reporter, typed)
    email, phone = email_key(typed), phone_key(typed)
    of_email = (reporter.email_index if reporter else None) or "-"
    of_phone = (reporter.phone_index if reporter else None) or "-"
    by_email = city.seal.matches(of_email, email or "", EMAIL)
    by_phone = city.seal.matches(of_phone, phone or "", PHONE)
    return (by_email and email is not None) or (by_phone and phone is not None)


def reporters_with(session: Session, typed: str, *, city: City) -> Sequence[Reporter]:
    """Every reporter row whose e-mail address or telephone number is the typed one, oldest first.

    Finds rows sealed under any configured key, and rows from before sealing.
    """
    email, phone = email_key(typed), phone_key(typed)
    found = reporters.with_index(
        session,
        city.seal.indexes(email, EMAIL) if email else (),
        city.seal.indexes(phone, PHONE) if phone else (),
    )
    unsealed = [row for row in reporters.unsealed(session) if _plain_matches(row, typed)]
    return sorted([*found, *unsealed], key=lambda row: row.id)


def _plain_matches(reporter: Reporter, typed: str) -> bool:
    email, phone = email_key(typed), phone_key(typed)
    pairs = ((email_key(reporter.email), email), (phone_key(reporter.phone), phone))
    return any(a and b and hmac.compare_digest(a.encode(), b.encode()) for a, b in pairs)
