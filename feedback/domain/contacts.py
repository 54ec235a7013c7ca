"""How to reach a reporter, and when two spellings mean the same person.

Nothing here knows of storage: the keys are what a blind index is made from, and never stored plain.
"""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from feedback.domain.text import one_line

FEWEST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """What a reporter told of themselves; empty where they did not."""

    name: str = ""
    email: str = ""
    phone: str = ""


def spelt_email(text: str) -> str | None:
    """An e-mail address in its one spelling, or None when it is none."""
    try:
        return validate_email(one_line(text), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def email_key(text: str) -> str | None:
    """What all spellings of one e-mail address have in common, or None when it is none.

    Capitals before the @ may differ in theory; people type them as they come, so they do not count.
    """
    email = spelt_email(text)
    return None if email is None else email.casefold()


def phone_key(text: str) -> str | None:
    """The digits of a telephone number as dialled within the country, or None when it is none.

    "+84 905 123 456", "0084905123456", "84905123456" and "0905.123.456" are the same.
    """
    digits = re.sub("[^0-9]", "", text)
    if digits.startswith("0084"):
        digits = "0" + digits[4:].removeprefix("0")
    elif digits.startswith("84") and (one_line(text).startswith(("+", "(+")) or len(digits) >= 11):
        digits = "0" + digits[2:].removeprefix("0")
    return digits if len(digits) >= FEWEST_DIGITS else None
