"""The words of an imported file for categories and units, as ids of ours."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback.domain.imported import ImportedReport, ImportMapping, Refusal, local_day
from feedback.domain.states import UnitKind, VisibilityPolicy
from feedback.domain.text import fold
from feedback.storage.models import Category, CategoryGroup, Unit
from feedback.storage.queries import imports

GROUP = "imported"
PREFIX = "imported-"
MAX_CODE, MAX_SHORT = 40, 80


class Names:
    """Which category and unit a word of the file means.

    A word the mapping does not turn into a code is a code itself, or becomes a category or unit of
    its own where the mapping allows it: one that exists from the first to the last day of its
    reports, so that nobody is offered it today.
    """

    def __init__(self, session: Session, mapping: ImportMapping) -> None:
        self._mapping = mapping
        self._categories = imports.category_ids(session)
        self._units = imports.unit_ids(session)
        self.new_categories: set[str] = set()
        self.new_units: set[str] = set()

    def category_id(self, word: str) -> int:
        """The id of a category; only of words that `checked` and `create_missing` have seen."""
        return self._categories[self._code(word, self._mapping.categories, self._categories)]

    def unit_id(self, word: str) -> int:
        """The id of a unit, likewise."""
        return self._units[self._code(word, self._mapping.units, self._units)]

    def checked(self, report: ImportedReport) -> ImportedReport | Refusal:
        """The report, or its refusal when one of its words means nothing here."""
        mapping = self._mapping
        kinds = (
            (
                "category",
                report.category,
                mapping.categories,
                self._categories,
                self.new_categories,
            ),
            ("unit", report.unit, mapping.units, self._units, self.new_units),
        )
        for name, word, codes, ids, new in kinds:
            if self._code(word, codes, ids) in ids:
                continue
            if word in codes or not mapping.create_missing:
                column = mapping.columns[name]
                return Refusal(report.line, report.key, column, "unknown", word)
            new.add(word)
        return report

    def create_missing(self, session: Session, reports: Iterable[ImportedReport]) -> None:
        """Make what new words stand for, and let it reach over the days of its reports."""
        by_category: dict[str, list[ImportedReport]] = {}
        by_unit: dict[str, list[ImportedReport]] = {}
        for one in reports:
            if self._is_own(one.category, self._mapping.categories, self._categories):
                by_category.setdefault(one.category, []).append(one)
            if self._is_own(one.unit, self._mapping.units, self._units):
                by_unit.setdefault(one.unit, []).append(one)
        categories = imports.categories(session, [code_of(word) for word in by_category])
        for word, of_category in sorted(by_category.items()):
            self._category(session, categories, word, of_category)
        units = imports.units(session, [code_of(word) for word in by_unit])
        for word, of_unit in sorted(by_unit.items()):
            self._unit(session, units, word, of_unit)

    def _is_own(self, word: str, codes: Mapping[str, str], ids: Mapping[str, int]) -> bool:
        """Whether a word stands for something that imports make, now or at an earlier time."""
        return self._code(word, codes, ids) == code_of(word)

    @staticmethod
    def _code(word: str, codes: Mapping[str, str], ids: Mapping[str, int]) -> str:
        if word in codes:
            return codes[word]
        return word if word in ids else code_of(word)

    def _category(
        self,
        session: Session,
        known: dict[str, Category],
        word: str,
        reports: Sequence[ImportedReport],
    ) -> None:
        first, last = _days(reports, self._mapping.zone)
        code = code_of(word)
        category = known.get(code)
        if category is None:
            category = Category(
                group=_group(session),
                code=code,
                name_vi=word,
                name_en=word,
                keywords=fold(word),
                visibility_policy=VisibilityPolicy.NEVER,
                service_level_code=self._mapping.service_level,
                valid_from=first,
                valid_to=last,
            )
            session.add(category)
            session.flush()
            known[code] = category
        category.valid_from = min(category.valid_from, first)
        category.valid_to = max(category.valid_to or last, last)
        self._categories[code] = category.id

    def _unit(
        self,
        session: Session,
        known: dict[str, Unit],
        word: str,
        reports: Sequence[ImportedReport],
    ) -> None:
        first, _ = _days(reports, self._mapping.zone)
        code = code_of(word)
        unit = known.get(code)
        if unit is None:
            unit = Unit(
                code=code,
                name=word,
                short_name=word[:MAX_SHORT],
                name_en=word,
                kind=UnitKind.OFFICE,
                valid_from=first,
            )
            session.add(unit)
            session.flush()
            known[code] = unit
        unit.valid_from = min(unit.valid_from, first)
        self._units[code] = unit.id


@lru_cache(maxsize=10_000)  # each row of a file asks anew
def code_of(word: str) -> str:
    """The code of what a word of a file becomes here."""
    parts = "".join(sign if sign.isalnum() else " " for sign in fold(word)).split()
    return (PREFIX + "-".join(parts))[:MAX_CODE]


def _group(session: Session) -> CategoryGroup:
    group = imports.category_group(session, GROUP)
    if group is None:
        group = CategoryGroup(code=GROUP, name_vi="Nhập từ hệ thống khác", name_en="Imported")
        session.add(group)
    return group


def _days(reports: Sequence[ImportedReport], zone: ZoneInfo) -> tuple[date, date]:
    days = [local_day(one.received_at, zone) for one in reports]
    return min(days), max(days)
