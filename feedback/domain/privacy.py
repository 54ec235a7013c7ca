"""What is done with personal data, and how it is taken out of a text.

Every deed of `PrivacyDeed` leaves a line in the privacy record, whoever does it.
"""

import re
import unicodedata
from enum import StrEnum

from feedback.domain.contacts import Contact
from feedback.domain.text import private_traces

ROUNDED_TO_METRES = 250
SHORTEST_REASON = 5
LONGEST_REASON = 1_000


class PrivacyDeed(StrEnum):
    """What was done; `data` of each kind is listed beside it."""

    IDENTITY_OPENED = "identity_opened"
    PERSON_SOUGHT = "person_sought"  # reports, followed: how many were found
    EXPORTED = "exported"  # reports, photos
    ERASED = "erased"  # reports, later, photos, followed, codes
    ANONYMISED = "anonymised"  # categories: how many reports of each, by id; "0" is without one
    KEYS_ROTATED = "keys_rotated"  # values


def erased_mark(language: str) -> str:
    """What stands where a personal text stood, in the language of the report."""
    return "[erased]" if language == "en" else "[đã xóa]"


def without_traces(text: str, contact: Contact | None, mark: str) -> str:
    """A text of staff without what it gives away of the reporter.

    Telephone, identity and account numbers and addresses are found as `private_traces` finds them;
    of the contact's name every spelling that differs in capitals and blanks only.
    """
    for trace in reversed(private_traces(text)):
        text = text[: trace.start] + mark + text[trace.end :]
    for said in (contact.name, contact.email, contact.phone) if contact else ():
        words = [re.escape(word) for word in unicodedata.normalize("NFC", said).split()]
        if len("".join(words)) > 1:
            spelling = r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"
            text = re.sub(spelling, mark, text, flags=re.IGNORECASE)
    return text
