"""A report as staff who work on it need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
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
)


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a history are called; each is (Vietnamese, English)."""

    categories: dict[int, tuple[str, str]]
    groups: dict[int, tuple[str, str]]
    areas: dict[int, tuple[str, str]]
    accounts: dict[int, str]


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
    """What the categories, groups, areas and accounts named in a history are called."""
    return Names(
        categories=_both_names(session, Category, _ids(history, "category_id")),
        groups=_both_names(session, CategoryGroup, _ids(history, "category_group_id")),
        areas={
            row.id: (row.full_name, row.name_en or row.full_name)
            for row in session.execute(
                select(Area.id, Area.full_name, Area.name_en).where(
                    Area.id.in_(_ids(history, "area_id"))
                )
            )
        },
        accounts={
            row.id: row.name
            for row in session.execute(
                select(Account.id, Account.name).where(Account.id.in_(_ids(history, "account_id")))
            )
        },
    )


def _both_names(
    session: Session, kind: type[Category] | type[CategoryGroup], ids: set[int]
) -> dict[int, tuple[str, str]]:
    rows = session.execute(select(kind.id, kind.name_vi, kind.name_en).where(kind.id.in_(ids)))
    return {row.id: (row.name_vi, row.name_en) for row in rows}


def _ids(history: Sequence[HistoryEntry], name: str) -> set[int]:
    return {value for entry in history if isinstance(value := entry.data.get(name), int)}
