"""What people write: made clean, folded for search, shortened to a title, checked for private data.

Everything works on plain text and knows Vietnamese: marks above and below letters, `đ`, telephone
numbers and identity numbers.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
# Control characters but tab and newline; marks that turn the direction of writing; the byte
# order mark; halves of a pair, which no database can store.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
# A full stop after one or two letters is an abbreviation (P. Phú Xuân, Tp. Huế), not an end.
_SENTENCE_END = re.compile(r"(?<=\w\w\w)\.(?=\s)|(?<=[!?…])(?=\s)")


def normalise(text: str) -> str:
    """Text as it is stored: NFC, line ends LF, no control characters, no blank round it."""
    cleaned = _UNWANTED.sub("", _LINE_BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", cleaned).strip()


def one_line(text: str) -> str:
    """A short text as it is stored, such as a name: normalised, every blank stretch one space."""
    return " ".join(normalise(text).split())


def fold(text: str) -> str:
    """Text for a search without marks: "Đường Nguyễn Huệ" → "duong nguyen hue"."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    plain = "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")
    return plain.replace("đ", "d")


def summary(text: str, limit: int = 80) -> str:
    """A title: the first sentence of the first line, cut after a word with "…" where too long.

    At most `limit` characters (≥ 2), the "…" among them; empty for a blank text.
    """
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    sentence = " ".join(_SENTENCE_END.split(first_line.strip(), maxsplit=1)[0].split())
    if len(sentence) <= limit:
        return sentence
    head = sentence[:limit]  # one more than fits, to see whether a word ends just there
    cut = head[:-1] if head[-1] == " " else head.rpartition(" ")[0] or head[:-1]
    return cut.rstrip(" ,;:.-–(") + "…"


class TraceKind(StrEnum):
    """What a piece of text gives away."""

    PHONE = "phone"
    EMAIL = "email"
    IDENTITY_NUMBER = "identity_number"
    BANK_NUMBER = "bank_number"


@dataclass(frozen=True, slots=True)
class Trace:
    """Something private at text[start:end]."""

    kind: TraceKind
    start: int
    end: int


_GAP = r"[ \u00a0.\-()]{0,2}"
_PHONES = re.compile(
    # mobile: 10 digits since 2018, 11 beginning with 01 before; or with the country's +84
    rf"(?<![0-9])(?:\(?\+?84|\(?0){_GAP}(?:[35789](?:{_GAP}[0-9]){{8}}|1(?:{_GAP}[0-9]){{9}}"
    # fixed line: 02, area and number, 11 digits in all
    rf"|2(?:{_GAP}[0-9]){{9}})(?![0-9])"
)
_EMAILS = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}"
)
_NUMBERS = re.compile(
    r"(?<![0-9])(?<![0-9][.,])[0-9]{3,}(?:[ \u00a0.\-][0-9]{3,})*(?:[ \u00a0.\-][0-9]+)?(?![0-9])"
)
_MONEY_OR_DECIMAL = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]{1,3}\.[0-9]{4,}")
_DATE = re.compile(r"(?:19|20)[0-9]{2}[\-.](?:[0-9]{4}|[0-9]{2}[\-.][0-9]{2})")
_HOTLINES = ("1800", "1900")


def private_traces(text: str) -> tuple[Trace, ...]:
    """Telephone numbers, e-mail addresses, identity and bank numbers in a text, in order.

    Meant to stop a text for a person's look, so it rather finds too much; amounts of money,
    coordinates, dates and free hotlines (1800, 1900) are left alone.
    """
    emails = [Trace(TraceKind.EMAIL, *match.span()) for match in _EMAILS.finditer(text)]
    rest = _without(text, emails)
    phones = [Trace(TraceKind.PHONE, *match.span()) for match in _PHONES.finditer(rest)]
    numbers = list(_numbers(_without(rest, phones)))
    return tuple(sorted(emails + phones + numbers, key=lambda trace: trace.start))


def _numbers(text: str) -> Iterator[Trace]:
    """Identity numbers (9 digits, 12 beginning with 0) and what looks like a bank account."""
    for match in _NUMBERS.finditer(text):
        written = match[0]
        digits = re.sub("[^0-9]", "", written)
        if not 9 <= len(digits) <= 19 or digits.startswith(_HOTLINES):
            continue
        if _MONEY_OR_DECIMAL.fullmatch(written) or _DATE.fullmatch(written):
            continue
        is_identity = len(digits) == 9 or (len(digits) == 12 and digits[0] == "0")
        kind = TraceKind.IDENTITY_NUMBER if is_identity else TraceKind.BANK_NUMBER
        yield Trace(kind, *match.span())


def _without(text: str, traces: list[Trace]) -> str:
    """The text with what was found blotted out; every position stays where it was."""
    for trace in traces:
        text = text[: trace.start] + "|" * (trace.end - trace.start) + text[trace.end :]
    return text
