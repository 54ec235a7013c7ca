"""What the address of the dispatchers' list asks for: its view and what it is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.storage.queries.triage import View, Wanted
from feedback.web.forms import key_in, searched


@dataclass(frozen=True, slots=True)
class AskedTriage:
    """One address of the list, read. `filters` are those it gives, as its links repeat them."""

    view: View
    wanted: Wanted
    filters: dict[str, Any]


def read_triage_address(args: Mapping[str, str]) -> AskedTriage:
    """The parameters of an address; what cannot be read narrows nothing."""
    view = args.get("view", "")
    names = ("q", "category", "area")
    return AskedTriage(
        view=View(view) if view in set(View) else View.ALL,
        wanted=Wanted(
            words=searched(args=args),
            category_id=key_in(args, "category"),
            area_id=key_in(args, "area"),
        ),
        filters={name: value for name in names if (value := args.get(name, "").strip())},
    )
