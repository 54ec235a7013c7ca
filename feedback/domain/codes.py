"""Public report codes: short, easy to read out on the telephone, and guarded against slips.

A code is five random symbols and one check symbol, written `XXX-XXX`. The alphabet has 31
symbols, a prime number, so the check Σ position · value ≡ 0 (mod 31) catches every single wrong
symbol and every exchange of two symbols (a weighted sum as in ISBN-10). The letters I, L, O, U
and Z are left out because they are taken for 1, 1, 0, V and 2.
"""

from collections.abc import Callable, Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
LENGTH = 6
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("OILZ", "0112")
_SEPARATORS = dict.fromkeys(map(ord, "-‐‑‒–—−._"))


def make_code(random: Callable[[int], int]) -> str:
    """A new code, `XXX-XXX`; `random(n)` gives a number from 0 to n - 1 (`secrets.randbelow`).

    There are 31⁵ (28.6 million) codes, so the caller makes another one when it is taken.
    """
    values = [random(len(ALPHABET)) for _ in range(LENGTH - 1)]
    values.append(-_weighted(values) * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET))
    symbols = "".join(ALPHABET[value] for value in values)
    return f"{symbols[:3]}-{symbols[3:]}"


def parse_code(text: str) -> str | None:
    """The code somebody typed, in its one spelling, or None when it cannot be a code.

    Forgives lower case, blanks, another hyphen or none, and the look-alikes O, I, L and Z.
    """
    symbols = "".join(text.translate(_SEPARATORS).split()).upper().translate(_LOOK_ALIKES)
    if len(symbols) != LENGTH or any(symbol not in _VALUES for symbol in symbols):
        return None
    if _weighted([_VALUES[symbol] for symbol in symbols]) % len(ALPHABET):
        return None
    return f"{symbols[:3]}-{symbols[3:]}"


def _weighted(values: Sequence[int]) -> int:
    """Each value times its position, the first position being 1."""
    return sum(position * value for position, value in enumerate(values, start=1))
