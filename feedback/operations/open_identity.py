"""A dispatcher looks at who sent a report; each look stands in the record with its reason."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.contacts import Contact
from feedback.domain.errors import NotFound
from feedback.domain.permissions import require_dispatcher
from feedback.domain.privacy import PrivacyDeed
from feedback.operations.city import City
from feedback.operations.privacy_record import checked_reason, note_deed
from feedback.operations.reporters import opened_contact
from feedback.operations.transaction import transaction
from feedback.storage.queries import privacy


def open_identity(
    report_id: int, *, reason: str, actor: Actor, city: City, now: datetime
) -> Contact:
    """The contact of a report's reporter, given only once the look is in the record.

    Raises NotAllowed for anybody but a dispatcher, Invalid naming `reason`, NotFound when nobody
    left a contact, Conflict when its sealing key is not configured any more.
    """
    require_dispatcher(actor)
    reason = checked_reason(reason)
    with transaction(city) as session:
        reporter = privacy.given_contact(session, report_id)
        if reporter is None:
            raise NotFound("no_contact")
        contact = opened_contact(reporter, city=city)
        note_deed(
            session,
            PrivacyDeed.IDENTITY_OPENED,
            now,
            account_id=actor.account_id,
            report_id=report_id,
            reason=reason,
        )
    return contact
