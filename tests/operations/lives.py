"""What the tests of the use cases share: a small town, a look at a report, and steps by hand."""

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from feedback.domain.actors import Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoPurpose, Role
from feedback.extensions import Model
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import reading, transaction
from feedback.operations.upload_photo import upload_photo
from feedback.storage.models import (
    Account,
    Area,
    Assignment,
    Category,
    HistoryEntry,
    OutboxRow,
    Photo,
    Report,
    StatisticsChange,
    Unit,
)
from feedback.storage.queries import histories
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_area,
    create_category,
    create_rule,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.photos import photo_bytes


@dataclass(frozen=True)
class Town:
    """One ward, one unit with its people, and a rule that sends one category there."""

    area: Area
    unit: Unit
    category: Category
    handler: Account
    head: Account
    dispatcher: Account

    @property
    def as_handler(self) -> Actor:
        """The handler, as operations take them."""
        return actor_of(self.handler)

    @property
    def as_head(self) -> Actor:
        """The head of the unit."""
        return actor_of(self.head)

    @property
    def as_dispatcher(self) -> Actor:
        """The dispatcher."""
        return actor_of(self.dispatcher)


def create_town(**of_category: Any) -> Town:
    """A town whose one category is routed in its one ward; see `create_category`."""
    create_working_week()
    area, unit = create_area(), create_unit()
    category = create_category(**of_category)
    create_rule(unit, category=category, area=area)
    return Town(
        area,
        unit,
        category,
        handler=create_account(Role.HANDLER, unit),
        head=create_account(Role.HEAD, unit),
        dispatcher=create_account(Role.DISPATCHER),
    )


def load(report_id: int) -> Report:
    """A report as it is stored now, with its rounds and assignments, detached."""
    with reading() as session:
        session.expire_all()
        report = session.scalars(
            select(Report)
            .where(Report.id == report_id)
            .options(
                selectinload(Report.rounds),
                selectinload(Report.assignments),
                selectinload(Report.category),
                selectinload(Report.area),
                selectinload(Report.reporter),
            )
        ).one()
        session.expunge_all()
    return report


def assignment_of(report_id: int) -> Assignment:
    """The latest assignment of a report."""
    return load(report_id).assignments[-1]


def history_of(report_id: int) -> Sequence[HistoryEntry]:
    """A report's history in order, detached."""
    with reading() as session:
        entries = histories.of_report(session, report_id)
        session.expunge_all()
    return entries


def kinds_of(report_id: int) -> list[HistoryKind]:
    """What happened to a report, in order."""
    return [entry.kind for entry in history_of(report_id)]


def entry_of(report_id: int, kind: HistoryKind) -> HistoryEntry:
    """The last entry of a kind."""
    return [entry for entry in history_of(report_id) if entry.kind is kind][-1]


@contextmanager
def steps(report_id: int, actor: Actor, now: datetime) -> Iterator[Life]:
    """Take steps that no use case takes yet; they are settled and committed together."""
    with transaction(the_city()) as session:
        life = Life.open(session, the_city(), report_id, actor, now)
        yield life
        life.settle()


def uploads_of(*colours: str, purpose: PhotoPurpose = PhotoPurpose.REPORT) -> tuple[str, ...]:
    """Uploads of one-coloured pictures: the same colour is the same content."""
    ids = []
    for colour in colours:
        content = photo_bytes(colour)
        photo = upload_photo(
            io.BytesIO(content), len(content), purpose=purpose, city=the_city(), now=MONDAY
        )
        ids.append(photo.upload_id)
    return tuple(ids)


def photos_of(report_id: int) -> Sequence[Photo]:
    """The photos attached to a report, detached."""
    with reading() as session:
        query = select(Photo).where(Photo.report_id == report_id)
        found = session.scalars(query.order_by(Photo.assignment_id, Photo.position)).all()
        session.expunge_all()
    return found


def count(model: type[Model]) -> int:
    """How many rows a table has."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def footprint() -> dict[str, int]:
    """How much of everything a change leaves behind is stored."""
    return {
        model.__tablename__: count(model)
        for model in (Report, HistoryEntry, OutboxRow, StatisticsChange, Assignment)
    }


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Run two use cases at the same moment, each in a thread and session of its own.

    Gives what each returned, or the exception it raised, in order.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    start = threading.Barrier(2)
    results: list[Any] = [None, None]

    def run(place: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait(10)
            try:
                results[place] = work()
            except Exception as error:  # given back to the test
                results[place] = error

    threads = [
        threading.Thread(target=run, args=(place, work))
        for place, work in enumerate((first, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results
