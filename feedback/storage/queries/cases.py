"""A report as staff who work on it need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from feedback.storage.models import (
    Account,
    Area,
    Assignment,
    Category,
    CategoryGroup,
    HistoryEntry,
    Rating,
    Report,
    Round,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a history are called; each is (Vietnamese, English)."""

    categories: dict[int, tuple[str, str]]
    groups: dict[int, tuple[str, str]]
    areas: dict[int, tuple[str, str]]
    accounts: dict[int, str]
    units: dict[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit's part in a report belongs."""

    report_id: int
    code: str
    unit_id: int


def places_of(session: Session, assignment_ids: Sequence[int]) -> dict[int, Place]:
    """The reports and units of these assignments, by assignment; one query."""
    rows = session.execute(
        select(Assignment.id, Report.id, Report.code, Assignment.unit_id)
        .join(Report, Assignment.report_id == Report.id)
        .where(Assignment.id.in_(assignment_ids))
    )
    return {row[0]: Place(row[1], row[2], row[3]) for row in rows}


def version_of(session: Session, report_id: int) -> int | None:
    """The version a report has now."""
    return session.scalar(select(Report.version).where(Report.id == report_id))


def by_code(session: Session, code: str) -> Report | None:
    """A report with its rounds and assignments. Who sent it is not read at all."""
    return session.scalar(
        select(Report)
        .where(Report.code == code)
        .options(
            joinedload(Report.category).joinedload(Category.group),
            joinedload(Report.area).defer(Area.geometry),
            joinedload(Report.unit),
            selectinload(Report.rounds).joinedload(Round.service_level),
            selectinload(Report.assignments).options(
                joinedload(Assignment.unit), joinedload(Assignment.handler)
            ),
            defer(Report.token),
            defer(Report.reporter_id),
        )
    )


def ratings(session: Session, report_id: int) -> Sequence[Rating]:
    """What the citizen said about the results, newest first."""
    return session.scalars(
        select(Rating).where(Rating.report_id == report_id).order_by(Rating.id.desc())
    ).all()


def names_in(session: Session, history: Sequence[HistoryEntry]) -> Names:
    """What the categories, groups, areas, accounts and units named in a history are called."""
    areas = select(Area.id, Area.full_name, Area.name_en)
    people = select(Account.id, Account.name, Account.name)
    return Names(
        categories=_named(session, _both_names(Category), _ids(history, "category_id")),
        groups=_named(session, _both_names(CategoryGroup), _ids(history, "category_group_id")),
        areas=_named(session, areas, _ids(history, "area_id")),
        accounts={
            key: name
            for key, (name, _) in _named(session, people, _ids(history, "account_id")).items()
        },
        units=_named(
            session, select(Unit.id, Unit.name, Unit.name_en), _ids(history, "wanted_unit_id")
        ),
    )


def _both_names(kind: type[Category] | type[CategoryGroup]) -> Select[int, str, str]:
    return select(kind.id, kind.name_vi, kind.name_en)


def _named(
    session: Session, query: Select[int, str, str], ids: set[int]
) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    rows = session.execute(query.where(query.selected_columns[0].in_(ids)))
    return {key: (name, other or name) for key, name, other in rows}


def _ids(history: Sequence[HistoryEntry], name: str) -> set[int]:
    return {value for entry in history if isinstance(value := entry.data.get(name), int)}
