"""The sections of the administrator's desk, as data: a new one is a line here."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation; `current` when the page shown belongs to it."""

    words: str
    url: str
    current: bool


# Endpoint of the first page, its words, and the beginning of the addresses that belong to it.
SECTIONS = (
    ("admin.start", _l("Overview"), ""),
    ("admin.units", _l("Units"), "/admin/units"),
    ("admin.accounts", _l("Accounts"), "/admin/accounts"),
    ("admin.categories", _l("Categories"), "/admin/categories"),
    ("admin.levels", _l("Service levels"), "/admin/levels"),
    ("admin.rules", _l("Routing rules"), "/admin/rules"),
    ("admin.calendar", _l("Calendar"), "/admin/calendar"),
    ("admin.areas", _l("Areas"), "/admin/areas"),
    ("counters.show", _l("Counters"), "/admin/counters"),
    ("instruments.show", _l("Questionnaires"), "/admin/instruments"),
    ("surveys.show", _l("Surveys"), "/admin/surveys"),
    ("templates.show", _l("Texts to reply with"), "/staff/templates"),
    ("admin.letter_templates", _l("Apology letters"), "/admin/letter-templates"),
    ("admin.imports_page", _l("Import reports"), "/admin/import"),
    ("privacy.show", _l("Private data"), "/admin/privacy"),
    ("sign_ins.show", _l("Log-ins"), "/admin/sign-ins"),
    ("admin.changes", _l("History"), "/admin/changes"),
    ("status.show", _l("System"), "/admin/status"),
)


def sections() -> list[Section]:
    """The sections this installation has, in their order."""
    return [
        Section(
            str(words),
            url_for(endpoint),
            request.endpoint == endpoint
            or bool(beginning and f"{request.path}/".startswith(f"{beginning}/")),
        )
        for endpoint, words, beginning in SECTIONS
        if endpoint in current_app.view_functions
    ]
