"""What a form of reference data brings: made clean, checked, every problem named at once."""

import re
from datetime import date
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from feedback.domain.errors import Invalid
from feedback.domain.text import normalise, one_line

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
MAX_EMAIL = 254
MAX_PHONE = 40
Value = TypeVar("Value")
_EARLIEST, _LATEST = date(1975, 1, 1), date(2200, 12, 31)


class Fields:
    """Cleans fields one by one and gathers what is wrong with them for `raise_all`."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}

    def refuse(self, field: str, code: str) -> None:
        """Note a problem; the first one of a field counts."""
        self._problems.setdefault(field, code)

    def line(self, field: str, value: str, limit: int, *, needed: bool = True) -> str:
        """A text of one line."""
        return self._within(field, one_line(value), limit, needed)

    def text(self, field: str, value: str, limit: int, *, needed: bool = False) -> str:
        """A text of any number of lines."""
        return self._within(field, normalise(value), limit, needed)

    def code(self, field: str, value: str) -> str:
        """A short name for files and commands: small letters, digits and hyphens."""
        code = one_line(value).lower()
        if not code:
            self.refuse(field, "required")
        elif not CODE.fullmatch(code):
            self.refuse(field, "not_a_code")
        return code

    def email(self, field: str, value: str) -> str:
        """An e-mail address in its one spelling, or nothing."""
        typed = one_line(value)
        if not typed:
            return ""
        try:
            found = validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            self.refuse(field, "not_an_email")
            return typed
        return self._within(field, found, MAX_EMAIL, True)

    def phone(self, field: str, value: str) -> str:
        """A phone number as people write it, or nothing; short emergency numbers are fine."""
        phone = one_line(value)
        if phone and sum(sign.isdigit() for sign in phone) < 3:
            self.refuse(field, "not_a_duty_phone")
        return self._within(field, phone, MAX_PHONE, False)

    def needed(self, field: str, value: Value | None) -> Value | None:
        """A choice or a day that must be given."""
        if value is None:
            self.refuse(field, "required")
        return value

    def period(self, valid_from: date | None, valid_to: date | None) -> None:
        """A first and a last day in order, neither of them a slip of the keyboard."""
        for field, day in (("valid_from", valid_from), ("valid_to", valid_to)):
            if day is not None and not _EARLIEST <= day <= _LATEST:
                self.refuse(field, "day_out_of_range")
        if valid_from is not None and valid_to is not None and valid_to < valid_from:
            self.refuse("valid_to", "before_start")

    def number(self, field: str, value: int | None, low: int, high: int) -> None:
        """A whole number between two bounds, or nothing."""
        if value is not None and not low <= value <= high:
            self.refuse(field, "number_out_of_range")

    def raise_all(self) -> None:
        """Raise one Invalid with every problem, if there is any."""
        if self._problems:
            raise Invalid(self._problems)

    def _within(self, field: str, value: str, limit: int, needed: bool) -> str:
        if len(value) > limit:
            self.refuse(field, "too_long")
        if needed and not value:
            self.refuse(field, "required")
        return value
