"""Words in the reader's language that pages, letters and papers share.

The language is that of the request, or the one a job sets with `force_locale`.
"""

from typing import Any

import flask_babel


def _(message: str, **values: Any) -> str:
    """A sentence in the reader's language, with its %(places)s filled."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, count: int, **values: Any) -> str:
    """The same for a number; `%(num)s` is the number itself."""
    return str(flask_babel.ngettext(singular, plural, count, **values))


def in_english() -> bool:
    """Whether the reader reads English."""
    return str(flask_babel.get_locale()) == "en"
