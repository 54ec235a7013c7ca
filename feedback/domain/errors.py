"""The ways an operation can say no.

Each carries a `code` that the web turns into a sentence in the reader's language, and plain
`params` for that sentence. Nothing of a failed operation is stored.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class DomainError(Exception):
    """Base of every refusal; `code` names the reason, `params` fill its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotAllowed(DomainError):
    """This actor may not do this."""


class NotFound(DomainError):
    """There is no such thing, or the actor must not know that there is."""


class Conflict(DomainError):
    """The thing has changed meanwhile, or the same id came with another body."""


class Invalid(DomainError):
    """What was sent cannot be accepted; `fields` maps a field's name to a reason code."""

    def __init__(self, fields: Mapping[str, str], code: str = "invalid", **params: Any) -> None:
        super().__init__(code, **params)
        self.fields = dict(fields)


class Refusals:
    """What several checks refuse, gathered to be named all at once."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}
        self._params: dict[str, Any] = {}

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Run one check; what it raises as Invalid is kept for `raise_all`."""
        try:
            yield
        except Invalid as refusal:
            self._fields |= refusal.fields
            self._params |= refusal.params

    def raise_all(self) -> None:
        """Raise one Invalid with everything gathered, if anything was."""
        if self._fields:
            raise Invalid(self._fields, **self._params)
