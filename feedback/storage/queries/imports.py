"""What an import has to know before it writes, and the imports that were sent on the page."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.report_imports import UNFINISHED
from feedback.storage.models import (
    Category,
    CategoryGroup,
    Report,
    ReportImport,
    ServiceLevel,
    Unit,
)


def known_keys(session: Session, source: str, keys: Sequence[str]) -> set[str | None]:
    """Which of a source's keys are reports already."""
    query = select(Report.key_at_source).where(
        Report.source == source, Report.key_at_source.in_(keys)
    )
    return set(session.scalars(query))


def taken_codes(session: Session, codes: Sequence[str]) -> set[str]:
    """Which public codes are taken."""
    return set(session.scalars(select(Report.code).where(Report.code.in_(codes))))


def levels(session: Session, code: str) -> Sequence[ServiceLevel]:
    """The versions of a service level, oldest first."""
    query = select(ServiceLevel).where(ServiceLevel.code == code)
    return session.scalars(query.order_by(ServiceLevel.valid_from)).all()


def category_ids(session: Session) -> dict[str, int]:
    """Every category's id by its code."""
    return {code: id_ for code, id_ in session.execute(select(Category.code, Category.id))}  # noqa: C416 (rows are no pairs to mypy)


def unit_ids(session: Session) -> dict[str, int]:
    """Every unit's id by its code."""
    return {code: id_ for code, id_ in session.execute(select(Unit.code, Unit.id))}  # noqa: C416 (rows are no pairs to mypy)


def categories(session: Session, codes: Collection[str]) -> dict[str, Category]:
    """Those of some categories that exist, by code."""
    found = session.scalars(select(Category).where(Category.code.in_(codes)))
    return {one.code: one for one in found}


def category_group(session: Session, code: str) -> CategoryGroup | None:
    """A category group by its code."""
    return session.scalar(select(CategoryGroup).where(CategoryGroup.code == code))


def units(session: Session, codes: Collection[str]) -> dict[str, Unit]:
    """Those of some units that exist, by code."""
    return {one.code: one for one in session.scalars(select(Unit).where(Unit.code.in_(codes)))}


def one(session: Session, import_id: int) -> ReportImport | None:
    """An import that was sent."""
    return session.get(ReportImport, import_id)


def for_change(session: Session, import_id: int) -> ReportImport | None:
    """The same, locked until the transaction ends."""
    return session.get(ReportImport, import_id, with_for_update=True, populate_existing=True)


def unfinished(session: Session) -> ReportImport | None:
    """The import that is neither over nor given up, if there is one."""
    query = select(ReportImport).where(ReportImport.stage.in_(UNFINISHED))
    return session.scalar(query.order_by(ReportImport.id).limit(1))


def listed(session: Session, limit: int) -> Sequence[ReportImport]:
    """The imports sent last, with who sent them."""
    query = select(ReportImport).options(joinedload(ReportImport.sent_by))
    return session.scalars(query.order_by(ReportImport.id.desc()).limit(limit)).all()


def level_codes(session: Session) -> Sequence[str]:
    """The code of every service level."""
    query = select(ServiceLevel.code).distinct()
    return session.scalars(query.order_by(ServiceLevel.code)).all()
