"""A seal round a backup: none, age's for whoever holds a key, or a passphrase.

Sealed for recipients, the file is plain age. Under a passphrase a key of its own is drawn for each
backup; the file then begins with two lines, the second of which is that key sealed by the
passphrase as age does it, and goes on as plain age.
"""

import base64
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

import pyrage
from pyrage import passphrase as by_passphrase
from pyrage import x25519

AGE_MARK = b"age-encryption.org/v1"
PASSPHRASE_MARK = b"feedback-backup/passphrase/1\n"
LONGEST_KEY_LINE = 4_096


class CannotOpen(Exception):
    """The seal cannot be made or opened with what was given; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Keys:
    """What a backup is sealed for or opened with; all empty: it is not sealed.

    `recipients` are age's public keys, `identities` its secret ones.
    """

    recipients: Sequence[str] = ()
    identities: Sequence[str] = ()
    passphrase: str = ""

    @property
    def seals(self) -> bool:
        """Whether a backup made with these is sealed."""
        return bool(self.recipients or self.passphrase)


@contextmanager
def sealing(target: BinaryIO, keys: Keys) -> Iterator[BinaryIO]:
    """A stream to write to; what reaches `target` is sealed. Raises CannotOpen for a bad key."""
    if not keys.seals:
        yield target
        return
    recipients = [_recipient(text) for text in keys.recipients]
    if keys.passphrase:
        key = x25519.Identity.generate()
        sealed = by_passphrase.encrypt(str(key).encode(), keys.passphrase)
        target.write(PASSPHRASE_MARK + base64.b64encode(sealed) + b"\n")
        recipients.append(key.to_public())
    with _sealed_in_a_thread(target, recipients) as entrance:
        yield entrance


@contextmanager
def opening(source: BinaryIO, keys: Keys) -> Iterator[IO[bytes]]:
    """What is inside a sealed or unsealed file, to read once from its beginning to its end.

    `source` is seekable. Raises CannotOpen when the keys do not fit; damage shows as OSError in
    the end.
    """
    beginning = source.read(len(PASSPHRASE_MARK))
    if beginning == PASSPHRASE_MARK:
        identities = [_key_under_passphrase(source, keys.passphrase)]
    elif beginning.startswith(AGE_MARK):
        source.seek(0)
        identities = [_identity(text) for text in keys.identities]
        if not identities:
            raise CannotOpen("identity_needed")
    else:
        source.seek(0)
        yield source
        return
    with _opened_in_a_thread(source, identities) as inside:
        yield inside


@contextmanager
def _sealed_in_a_thread(target: BinaryIO, recipients: Sequence[object]) -> Iterator[BinaryIO]:
    """The library reads what it seals; the archive writes: a pipe is between them."""
    reading_end, writing_end = os.pipe()
    errors: list[Exception] = []

    def seal() -> None:
        with os.fdopen(reading_end, "rb") as source:
            try:
                pyrage.encrypt_io(source, target, recipients)
            except Exception as error:  # raised again below, where it can be heard
                errors.append(error)

    thread = threading.Thread(target=seal, daemon=True)
    thread.start()
    try:
        with os.fdopen(writing_end, "wb") as entrance:
            yield entrance
    except BrokenPipeError:  # the sealing broke off: its own error says why
        thread.join()
        if not errors:
            raise
    finally:
        thread.join()
    if errors:
        raise OSError(str(errors[0])) from errors[0]


@contextmanager
def _opened_in_a_thread(source: BinaryIO, identities: Sequence[object]) -> Iterator[IO[bytes]]:
    """The library writes what it opens; the archive reads: a pipe is between them."""
    reading_end, writing_end = os.pipe()
    errors: list[Exception] = []

    def unseal() -> None:
        with suppress(BrokenPipeError), os.fdopen(writing_end, "wb") as target:
            try:
                pyrage.decrypt_io(source, target, identities)
            except BrokenPipeError:  # nobody wants the rest
                raise
            except Exception as error:  # raised again where the reading comes to its end
                errors.append(error)

    thread = threading.Thread(target=unseal, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading_end, "rb") as pipe:
            yield cast(IO[bytes], _ToItsEnd(pipe, thread, errors))
    finally:
        thread.join()


class _ToItsEnd:
    """Reads a pipe, and at its end tells whether that was the end of the work that filled it."""

    def __init__(
        self, pipe: IO[bytes], worker: threading.Thread, errors: Sequence[Exception]
    ) -> None:
        self._pipe = pipe
        self._worker = worker
        self._errors = errors

    def read(self, size: int = -1) -> bytes:
        """As a file's. Raises CannotOpen for a key that does not fit, OSError for damage."""
        found = self._pipe.read(size)
        if size < 0 or len(found) < size:
            self._worker.join()
            for error in self._errors:
                if isinstance(error, pyrage.DecryptError) and "No matching" in str(error):
                    raise CannotOpen("wrong_key") from error
                raise OSError(str(error)) from error
        return found


def _recipient(text: str) -> object:
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise CannotOpen("not_a_recipient") from error


def _identity(text: str) -> object:
    try:
        return x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError as error:
        raise CannotOpen("not_an_identity") from error


def _key_under_passphrase(source: BinaryIO, passphrase: str) -> object:
    if not passphrase:
        raise CannotOpen("passphrase_needed")
    try:
        sealed = base64.b64decode(source.readline(LONGEST_KEY_LINE), validate=False)
        key = by_passphrase.decrypt(sealed, passphrase)
    except (pyrage.DecryptError, ValueError) as error:
        raise CannotOpen("wrong_passphrase") from error
    return _identity(key.decode())
