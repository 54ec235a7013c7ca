"""Signing in: who needs a second factor, how long a session lasts, and from where somebody came.

Of an address only the network is kept, of a browser only its kind: enough for people to know their
own devices again, too little to follow them.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address

from feedback.domain.states import Role

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
SECOND_FACTOR_ROLES = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR})

# The first that matches: nearly every browser also names those it descends from.
BROWSERS = (
    ("Edge", r"\bEdg(?:A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Cốc Cốc", r"\bcoc_coc_browser/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Headless)?(?:Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iOS", r"\b(?:iPhone|iPad)\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)


class SignInKind(StrEnum):
    """What is noted about signing in and about what guards it."""

    SIGNED_IN = "signed_in"
    SIGNED_IN_WITH_RECOVERY_CODE = "signed_in_with_recovery_code"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 (a word of the record)
    UNKNOWN_LOGIN = "unknown_login"
    WRONG_CODE = "wrong_code"
    HELD_OFF = "held_off"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"


FAILURES = frozenset(
    {
        SignInKind.WRONG_PASSWORD,
        SignInKind.UNKNOWN_LOGIN,
        SignInKind.WRONG_CODE,
        SignInKind.HELD_OFF,
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, as far as it is kept."""

    network: str
    device: str

    @classmethod
    def of(cls, address: str, user_agent: str) -> "Origin":
        """The origin of a request with this address and browser."""
        return cls(network_of(address), device_of(user_agent))


OPERATOR = Origin("", "")
"""The origin of what is done at the machine itself."""


def network_of(address: str) -> str:
    """An address without the part that names one connection; "" for what is no address."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, IPv4Address):
        return f"{address.rpartition('.')[0]}.*"
    if read.ipv4_mapped:
        return network_of(str(read.ipv4_mapped))
    return ":".join(read.exploded.split(":")[:3]) + ":*"


def device_of(user_agent: str) -> str:
    """A browser and its system in two names; "" when neither is known."""
    names = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in names if name)


def is_over(begun: datetime, seen: datetime, now: datetime) -> bool:
    """Whether a session that began and was last seen then has ended by itself."""
    return now - begun >= LONGEST or now - seen >= IDLE


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")
