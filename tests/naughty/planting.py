"""Strings that would run as scripts, planted wherever the store keeps people's words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import count, cycle

from sqlalchemy import String, Table, select, update
from sqlalchemy.orm import Session

from feedback.domain.text import normalise, one_line
from feedback.extensions import db
from tests.naughty.strings import naughty_strings

LOOKS_LIKE_CODE = re.compile(
    r"[<>]|&#|javascript:|\bon\w+\s*=|url\(|\{\{|\$\{|%3c|\\x3c", re.IGNORECASE
)
OWN = (
    "<script>window.__ran=1</script>",
    '"><img src=x onerror=window.__ran=1>',
    "'><svg/onload=window.__ran=1>",
    "</textarea></title></script><script>window.__ran=1</script>",
    '" autofocus onfocus="window.__ran=1" x="',
    "<a href=javascript:window.__ran=1>đọc tiếp</a>",
    "javascript:window.__ran=1",
    "<iframe srcdoc='<script>parent.__ran=1</script>'></iframe>",
    "<style>@import 'javascript:window.__ran=1'</style><base href=//evil.example>",
    "{{constructor.constructor('window.__ran=1')()}}${window.__ran=1}",
)
PEOPLES_WORDS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("name",),
    "area_drafts": ("file_name", "source"),
    "areas": ("name", "full_name", "name_en", "source"),
    "assignments": ("answer_text",),
    "calendar_days": ("name", "source"),
    "case_requests": ("reason", "decision_reason"),
    "categories": ("name_vi", "name_en", "keywords"),
    "category_groups": ("name_vi", "name_en"),
    "counter_ratings": ("comment",),
    "counters": ("name_vi", "name_en"),
    "documents": ("name",),
    "history_entries": ("note",),
    "instruments": ("name_vi", "name_en"),
    "kiosks": ("name",),
    "letter_templates": (
        *("title", "about", "addressee", "body", "legal_basis"),
        *("authority", "place", "symbol", "signer_title", "copies"),
    ),
    "letters": ("reason",),
    "outbox_rows": ("last_error",),
    "period_reports": ("reason",),
    "privacy_entries": ("reason",),
    "ratings": ("comment",),
    "reference_changes": ("name", "note"),
    "reply_templates": ("name", "text"),
    "report_imports": ("file_name", "mapping", "source", "problem_detail"),
    "reports": ("text", "address_text", "rejection_text"),
    "routing_rules": ("note",),
    "service_levels": ("name_vi", "name_en"),
    "sign_in_events": ("device",),
    "staff_sessions": ("device",),
    "survey_answers": ("text",),
    "survey_items": ("text_vi", "text_en"),
    "survey_options": ("name_vi", "name_en"),
    "survey_sections": ("title_vi", "title_en"),
    "surveys": ("name_vi", "name_en", "totals_source"),
    "units": ("name", "short_name", "name_en", "duty_note"),
}
"""The columns whose words somebody typed, or a stranger's browser or library said."""
MARK = re.compile(r"⟦\d+⟧")
LONGEST = 500


class Planting:
    """What was planted: `whole[mark]` is the text a mark begins, `columns[mark]` where it is."""

    def __init__(self) -> None:
        self.whole: dict[str, str] = {}
        self.columns: dict[str, str] = {}
        code = [text for text in naughty_strings() if LOOKS_LIKE_CODE.search(text)]
        assert len(code) > 200
        self.strings = tuple(code)
        self._numbers = count(1)
        self._next = self._mixed()

    def text(self, column: str, limit: int) -> str:
        """A text of at most `limit` characters for a column: a mark and the next few strings."""
        mark = f"⟦{next(self._numbers)}⟧"
        parts = [mark]
        while True:
            part = next(self._next)
            if parts[1:] and sum(map(len, parts)) + len(parts) + len(part) > min(limit, LONGEST):
                break
            if len(mark) + 1 + len(part) <= limit:
                parts.append(part)
        text = unicodedata.normalize("NFC", " ".join(parts))
        self.whole[mark], self.columns[mark] = text, column
        return text

    def overwrite(self, session: Session) -> None:
        """Put a planted text over every word that `PEOPLES_WORDS` names and that is not empty."""
        for name, columns in PEOPLES_WORDS.items():
            table: Table = db.metadata.tables[name]
            (key,) = table.primary_key.columns
            for column in columns:
                kind = table.c[column].type
                limit = (kind.length if isinstance(kind, String) else None) or LONGEST
                for (row_id,) in session.execute(select(key).where(table.c[column] != "")).all():
                    text = self.text(f"{name}.{column}", limit)
                    session.execute(update(table).where(key == row_id).values({column: text}))

    def _mixed(self) -> Iterator[str]:
        """The strings for ever, one of our own after each few of the list's."""
        own = cycle(OWN)
        for number, text in enumerate(cycle(self.strings)):
            if number % 3 == 0:
                yield next(own)
            if clean := one_line(normalise(text)):
                yield clean
