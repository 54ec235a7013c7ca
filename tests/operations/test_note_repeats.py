"""A matter that was closed is reported again: the close is told of it, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback.domain.actors import Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.measures import Figure
from feedback.domain.states import ActorKind, RejectionReason, Role
from feedback.operations.list_cases import list_cases, parse_scope
from feedback.operations.note_repeats import note_repeats
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.reject_report import reject_report
from feedback.operations.transaction import reading
from feedback.storage.models import Category, HistoryEntry, OutboxRow, Unit
from tests.factories import (
    MONDAY,
    create_answered_case,
    create_area,
    create_category,
    create_report,
    create_unit,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.usefixtures("app_context")
DAY = timedelta(days=1)
HERE, NEAR, FAR = (16.4637, 107.5909), (16.4641, 107.5909), (16.4650, 107.5909)  # 44 m, 145 m


@pytest.fixture
def category() -> Category:
    create_working_week()
    create_area()
    return create_category("Đường")


@pytest.fixture
def unit() -> Unit:
    return create_unit()


@pytest.fixture
def closed_id(category: Category, unit: Unit) -> int:
    """Closed at this place a day after it came in."""
    case = create_answered_case(
        unit, category=category, now=MONDAY, answered_at=MONDAY + DAY, place=HERE
    )  # fmt: skip
    return case.report_id


def again(category: Category, days: float, place: tuple[float, float]) -> int:
    return create_report(category=category, now=MONDAY + DAY + days * DAY, place=place).report_id


def note(*report_ids: int) -> int:
    return note_repeats(report_ids, city=the_city(), now=MONDAY + 60 * DAY)


def entries(closed_id: int) -> list[HistoryEntry]:
    with reading() as session:
        return list(
            session.scalars(
                select(HistoryEntry).where(
                    HistoryEntry.report_id == closed_id, HistoryEntry.kind == HistoryKind.REPEATED
                )
            )
        )


def test_the_same_category_nearby_and_soon_after_repeats_a_close_once(
    category: Category, closed_id: int
) -> None:
    repeat = again(category, 3, NEAR)
    assert note(repeat) == 1
    assert note(repeat) == 0
    (entry,) = entries(closed_id)
    assert entry.data == {"number": 1, "report_id": repeat, "metres": 44}


def test_what_is_farther_later_earlier_or_of_another_kind_repeats_nothing(
    category: Category, closed_id: int
) -> None:
    other = create_category("Điện")
    apart = [
        again(category, 3, FAR),
        again(category, 31, HERE),
        again(category, -0.5, HERE),
        again(other, 3, HERE),
        create_report(category=category, now=MONDAY + 3 * DAY).report_id,
    ]
    assert note(*apart) == 0
    assert entries(closed_id) == []


def test_a_new_report_promises_that_somebody_looks(category: Category, closed_id: int) -> None:
    repeat = again(category, 3, NEAR)
    with reading() as session:
        promised = session.scalars(
            select(OutboxRow.payload).where(OutboxRow.subscription == "note_repeats")
        ).all()
    assert {"report_id": repeat} in promised


def test_the_close_counts_as_repeated_whatever_becomes_of_the_new_report(
    category: Category, unit: Unit, closed_id: int
) -> None:
    repeat = again(category, 3, NEAR)
    note(repeat)
    later = MONDAY + 61 * DAY
    refresh_statistics(city=the_city(), now=later)
    found = list_cases(
        figure=Figure.CLOSED_REPEATED, scope=parse_scope(f"unit:{unit.id}"), period="90",
        as_of=later, city=the_city(),
    )  # fmt: skip
    assert [(case.report_id, case.round_number) for case in found] == [(closed_id, 1)]
    reject_report(
        repeat, reason=RejectionReason.NO_CONTENT, text="Xin gửi lại", version=None,
        actor=Actor(ActorKind.STAFF, None, Role.DISPATCHER), city=the_city(), now=later,
    )  # fmt: skip
    assert len(entries(closed_id)) == 1
