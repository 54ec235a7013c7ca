"""What an address of a page of figures asks for: the window, the scope, and how to part it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.exceptions import NotFound

from feedback.domain.comparisons import Against
from feedback.domain.errors import NotFound as Unknown
from feedback.domain.measures import CITY
from feedback.domain.periods import Period
from feedback.operations.list_cases import Scope, parse_scope
from feedback.web.windows import asked_period, here

KINDS = ("unit", "category", "area")


@dataclass(frozen=True, slots=True)
class Asked:
    """A window, what it is held against, and a scope, with the kind its tables part it by.

    `parts` are the kinds it can be parted by: the city by all, a unit by categories, a category by
    units, an area by nothing.
    """

    period: Period
    scope: Scope
    parts: tuple[str, ...]
    by: str | None
    against: Against = Against.BEFORE

    @property
    def kind(self) -> str:
        """The kind of its scope: city, unit, category or area."""
        return self.scope.name.partition(":")[0]

    def link(self, endpoint: str, **changes: Any) -> str:
        """The address of a page for the same question, but for `changes`; None leaves out."""
        asked: dict[str, Any] = {
            "window": self.period.name,
            "scope": None if self.scope.name == CITY else self.scope.name,
            "against": self.against if self.against is not Against.BEFORE else None,
        }
        asked |= changes
        return url_for(endpoint, **{name: value for name, value in asked.items() if value})

    def here(self, **changes: Any) -> str:
        """The address of this page, but for `changes`."""
        return here(**changes)

    def file(self, table_form: str, **changes: Any) -> str:
        """The address of the tables of this page as a file, but for `changes`."""
        asked = {
            **(request.view_args or {}),
            **request.args.to_dict(),
            **changes,
            "window": self.period.name,
            "table_form": table_form,
        }
        kept = {name: value for name, value in asked.items() if value}
        return url_for(_FILES[str(request.endpoint)], **kept)


_FILES = {
    "supervisor.show": "supervisor.download_overview",
    "supervisor.show_topic": "supervisor.download_topic",
}


def asked() -> Asked:
    """The question in the address. Raises NotFound for windows, scopes, parts and comparisons there
    are not."""
    period = asked_period()
    try:
        scope = parse_scope(request.args.get("scope", CITY))
        against = Against(request.args.get("against", Against.BEFORE))
    except (Unknown, ValueError):
        raise NotFound from None
    parts = _PARTS.get(scope.name.partition(":")[0], ()) if "/" not in scope.name else ()
    by = request.args.get("by", parts[0] if parts else None)
    if by is not None and by not in parts:
        raise NotFound
    return Asked(period, scope, parts, by, against)


_PARTS: dict[str, tuple[str, ...]] = {CITY: KINDS, "unit": ("category",), "category": ("unit",)}
