"""Sealed values: what the store holds of private data, and how it is found again without opening.

A sealed value is AES-256-GCM under the newest key of the configuration, and names its key; older
keys still open what they sealed, until everything is sealed anew. A blind index is an HMAC of a
normalised value: equal values have equal indexes, and nobody without the key can try values out.
The keys of both are derived from the configured one, so that neither tells of the other.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NO_KEY = "none"
KEY_BYTES = 32
_NONCE_BYTES = 12
_SEALED = "s1"
_PLAIN = "p1"


class CannotOpen(Exception):
    """A sealed value that none of the keys opens: its key is gone, or it was tampered with."""


def key_bytes(text: str) -> bytes | None:
    """A configured key as bytes (32, written in URL-safe base64), or None when it is none."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return decoded if len(decoded) == KEY_BYTES else None


class Seal:
    """Seals and opens private values with the keys of one installation.

    `seal` and `open` take a `purpose` ("reporter", "totp", …): a value sealed for one purpose does
    not open for another. `index` and `indexes` make blind indexes.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` newest first, as `key_bytes` reads them; "none" stands for no encryption."""
        if not keys:
            raise ValueError("there must be a key, or the word that none is wanted")
        self._keys = [_Key.of(key) for key in keys]
        self._by_id = {key.id: key for key in self._keys}

    def seal(self, value: str, purpose: str) -> str:
        """The value sealed under the newest key, as one line of ASCII.

        Two seals of one value differ. Without encryption it is the marked value itself.
        """
        newest = self._keys[0]
        if newest.cipher is None:
            return f"{_PLAIN}.{value}"
        nonce = os.urandom(_NONCE_BYTES)
        sealed = newest.cipher.encrypt(nonce, value.encode(), purpose.encode())
        return f"{_SEALED}.{newest.id}.{_text(nonce + sealed)}"

    def open(self, sealed: str, purpose: str) -> str:
        """The value again. Raises CannotOpen, which says nothing of the value."""
        kind, _, rest = sealed.partition(".")
        if kind == _PLAIN:
            return rest
        key_id, _, body = rest.partition(".")
        key = self._by_id.get(key_id)
        if kind != _SEALED or key is None or key.cipher is None:
            raise CannotOpen("sealed with a key that is not configured")
        try:
            raw = base64.urlsafe_b64decode(body)
            opened = key.cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("changed since it was sealed") from error
        return opened.decode()

    def is_newest(self, sealed: str) -> bool:
        """Whether a value is sealed as it would be sealed now."""
        return sealed.startswith(self.newest_mark)

    @property
    def newest_mark(self) -> str:
        """How every value begins that is sealed under the newest key; holds no `%` and no `_`."""
        newest = self._keys[0]
        return f"{_PLAIN}." if newest.cipher is None else f"{_SEALED}.{newest.id}."

    def index(self, value: str, purpose: str) -> str:
        """The blind index to store beside a value; `value` must be normalised."""
        return self._keys[0].index(value, purpose)

    def indexes(self, value: str, purpose: str) -> tuple[str, ...]:
        """Every index the value may be stored under, the newest key's first: look for all."""
        return tuple(key.index(value, purpose) for key in self._keys)

    def matches(self, index: str, value: str, purpose: str) -> bool:
        """Whether a stored index is that of the value; takes the same time for every value."""
        found = [hmac.compare_digest(index, known) for known in self.indexes(value, purpose)]
        return any(found)


@dataclass(frozen=True, slots=True)
class _Key:
    """One configured key; without a cipher it is the choice not to encrypt."""

    id: str
    cipher: AESGCM | None
    index_key: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "_Key":
        if text == NO_KEY:
            return cls(NO_KEY, None, b"no key")
        key = key_bytes(text)
        if key is None:
            raise ValueError("a sealing key must be 32 bytes in URL-safe base64")
        return cls(
            id=hashlib.sha256(_derived(key, "id")).hexdigest()[:8],
            cipher=AESGCM(_derived(key, "seal")),
            index_key=_derived(key, "index"),
        )

    def index(self, value: str, purpose: str) -> str:
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()


def _derived(key: bytes, use: str) -> bytes:
    info = f"feedback {use} 1".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii")
