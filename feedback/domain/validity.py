"""When something dated is in force."""

from datetime import date


def in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether a thing is in force on a local day: its first and last day both count.

    A thing without a last day stays in force.
    """
    return valid_from <= day and (valid_to is None or day <= valid_to)
