"""Canaries: values that stand nowhere else, so that a place that holds one is known to leak."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote


class Kind(Enum):
    """What a canary pretends to be."""

    NAME = "name"
    EMAIL = "e-mail"
    PHONE = "phone"
    TEXT = "text of a private report"
    ADDRESS = "address of a private report"
    TOKEN = "secret link"
    FORM = "id of a form"
    COMMENT = "comment of a rating"
    REASON = "reason of a citizen"
    INTERNAL = "internal words of staff"
    QUESTION = "question of a unit"
    ANSWER = "answer to a question"
    DOCUMENT = "name of a document"
    KEY = "secret of a kiosk"
    TYPED = "contact typed into a search"
    LOGIN = "login that nobody has"
    PASSWORD = "password"
    PATH = "address of a page"


# Who somebody is, and what opens a door: not even staff may see these.
IDENTITY = frozenset(
    {Kind.NAME, Kind.EMAIL, Kind.PHONE, Kind.TOKEN, Kind.KEY, Kind.TYPED, Kind.LOGIN, Kind.PASSWORD}
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted value; `owner` is the number of the person it is about."""

    kind: Kind
    value: str
    needle: str
    owner: int = 0

    @property
    def spellings(self) -> frozenset[str]:
        """How it may stand in a text: plain, in an address, in a page, without its first zero."""
        plain = self.needle.casefold()
        found = {plain, quote(plain).casefold(), html.escape(plain)}
        if self.kind is Kind.PHONE:
            found |= {plain[1:], f"{plain[:4]} {plain[4:7]} {plain[7:]}"}
        return frozenset(found)


@dataclass(slots=True)
class Flock:
    """Makes canaries and remembers all of them."""

    all: list[Canary] = field(default_factory=list)

    def mint(self, kind: Kind, owner: int = 0) -> str:
        """A new value of this kind, to be typed into a form."""
        number = len(self.all)
        core = f"kanari{number:03d}q"
        value = {
            Kind.NAME: f"Lan {core}",
            Kind.EMAIL: f"{core}@example.com",
            Kind.TYPED: f"{core}@example.com",
            Kind.PHONE: f"09{number:03d}{(number * 7919 + 13579) % 100_000:05d}",
        }.get(kind, f"chuyen {core}")
        if kind in {Kind.LOGIN, Kind.PATH, Kind.FORM}:
            value = core
        needle = value if kind is Kind.PHONE else core
        self.all.append(Canary(kind, value, needle, owner))
        return value

    def adopt(self, kind: Kind, value: str, owner: int = 0) -> str:
        """Remember a value that the product itself has made."""
        self.all.append(Canary(kind, value, value, owner))
        return value


@dataclass(slots=True)
class Place:
    """Somewhere that is searched: what was found there, and which canaries must not be."""

    name: str
    forbidden: frozenset[Kind] = frozenset(Kind)
    documents: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, label: str, text: str, reader: int = -1) -> None:
        """One more document of this place; what is `reader`'s own may stand in it."""
        self.documents.append((label, text.casefold(), reader))

    def found(self, flock: Iterable[Canary]) -> list[str]:
        """Each canary that does not belong here, with the document it sits in."""
        return [
            f"{self.name}: {canary.kind.value} {canary.value!r} in {label}"
            for canary in flock
            if canary.kind in self.forbidden
            for label, text, reader in self.documents
            if canary.owner != reader and any(spelling in text for spelling in canary.spellings)
        ]


def table(places: Sequence[Place], flock: Flock) -> str:
    """What was searched for what, as a table for people."""
    lines = [f"{'place':34} {'documents':>9} {'bytes':>10} {'canaries':>8} {'found':>5}"]
    for place in places:
        sought = [one for one in flock.all if one.kind in place.forbidden]
        size = sum(len(text) for _, text, _ in place.documents)
        lines.append(
            f"{place.name:34} {len(place.documents):>9} {size:>10} {len(sought):>8}"
            f" {len(place.found(sought)):>5}"
        )
    return "\n".join(lines)
