"""A form of a case's page that comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback.domain.errors import Conflict
from feedback.web.documents import FormDocuments
from feedback.web.uploads import FormPhotos


@dataclass(slots=True)
class Sent:
    """A form that came back: its name, what was typed, and why it was not accepted."""

    form: str
    values: Mapping[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    photos: FormPhotos = field(default_factory=lambda: FormPhotos([]))
    documents: FormDocuments = field(default_factory=FormDocuments)
    conflict: Conflict | None = None
    seen_version: int | None = None
