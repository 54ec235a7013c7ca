"""Work on the photos queue: one photo a job."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.process_photo import process_photo
from feedback.operations.remove_left_uploads import remove_left_uploads


def process(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Process the one photo that was uploaded."""
    (payload,) = payloads
    process_photo(int(payload["photo_id"]), city=city, now=now, claim=claim)


def remove_left(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Remove the uploads nobody used."""
    remove_left_uploads(city=city, now=now, claim=claim)
