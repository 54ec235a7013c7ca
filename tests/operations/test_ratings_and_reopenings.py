"""After the close: the citizen rates the result, and may have the report taken up again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    Outcome,
    PhotoPurpose,
    RatingLevel,
    ReportState,
)
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.rate_report import rate_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Rating, ServiceLevel, Unit
from feedback.storage.queries import report_pages
from tests.factories import (
    MONDAY,
    Case,
    create_case,
    create_closed_report,
    create_report,
    create_unit,
    the_city,
)
from tests.operations.lives import (
    Town,
    at_once,
    entry_of,
    history_of,
    kinds_of,
    load,
    photos_of,
    uploads_of,
)

CLOSED = MONDAY + timedelta(hours=1)  # by the factory
LATER = CLOSED + timedelta(days=2)
DAY = timedelta(days=1)


def rate(case: Case, level: RatingLevel | None = RatingLevel.SATISFIED, **more: Any) -> None:
    """Rate a case two days after its close."""
    rate_report(case.report_id, level=level, city=the_city(), **{"now": LATER, **more})


def reopen(case: Case, reason: str = "Rác lại đầy", **how: Any) -> None:
    """Have a report taken up again two days after its close."""
    given: dict[str, Any] = {"actor": CITIZEN, "now": LATER, **how}
    reopen_report(case.report_id, reason=reason, city=the_city(), **given)


def ratings_of(report_id: int) -> list[Rating]:
    """All ratings of a report, in the order they were given."""
    with reading() as session:
        found = session.scalars(
            select(Rating).where(Rating.report_id == report_id).order_by(Rating.id)
        ).all()
        session.expunge_all()
    return list(found)


@pytest.fixture
def closed(town: Town) -> Case:
    """A report that was fixed and closed."""
    return create_closed_report(town.unit, category=town.category, handler=town.handler)


# Rating


def test_a_rating_belongs_to_the_close_and_says_nothing_of_its_giver(closed: Case) -> None:
    version = load(closed.report_id).version
    rate(
        closed,
        RatingLevel.DISSATISFIED,
        comment=" Vẫn\x00 bẩn ",
        photo_ids=uploads_of("red", "blue", "green", purpose=PhotoPurpose.RATING),
    )
    (rating,) = ratings_of(closed.report_id)
    report = load(closed.report_id)
    assert (rating.level, rating.comment) == (RatingLevel.DISSATISFIED, "Vẫn bẩn")
    assert (rating.round_id, rating.rated_at) == (report.rounds[0].id, LATER)
    assert (report.state, report.version) == (ReportState.CLOSED, version + 1)
    entry = entry_of(closed.report_id, HistoryKind.RATED)
    assert entry.data == {"level": "dissatisfied", "number": 1}
    assert (entry.public, entry.account_id, entry.note) == (False, None, "")
    rated = [p for p in photos_of(closed.report_id) if p.purpose is PhotoPurpose.RATING]
    assert {photo.rating_id for photo in rated} == {rating.id}
    assert len(rated) == 3


def test_the_last_rating_of_a_close_counts_and_the_others_are_kept(closed: Case) -> None:
    rate(closed, RatingLevel.DISSATISFIED)
    rate(closed, RatingLevel.ACCEPTABLE)  # in the same minute
    levels = [rating.level for rating in ratings_of(closed.report_id)]
    assert levels == [RatingLevel.DISSATISFIED, RatingLevel.ACCEPTABLE]
    with reading() as session:
        counts = report_pages.latest_rating(session, load(closed.report_id).rounds[0].id)
        assert counts is not None
        assert counts.level is RatingLevel.ACCEPTABLE


def test_a_rating_that_cannot_be_taken_is_refused(town: Town, closed: Case) -> None:
    four = uploads_of("red", "blue", "green", "white", purpose=PhotoPurpose.RATING)
    for said, problems in (
        ({"level": None}, {"level": "required"}),
        ({"comment": "a" * 2_001}, {"comment": "too_long"}),
        ({"photo_ids": four}, {"photos": "too_many_photos"}),
        ({"photo_ids": uploads_of("red")}, {"photos": "photo_missing"}),
    ):
        with pytest.raises(Invalid) as invalid:
            rate(closed, **said)
        assert invalid.value.fields == problems
    assert ratings_of(closed.report_id) == []
    with pytest.raises(NotFound):
        rate_report(999_999, level=RatingLevel.SATISFIED, city=the_city(), now=LATER)


def test_only_a_closed_report_can_be_rated(town: Town, closed: Case) -> None:
    open_case = create_case(town.unit, handler=town.handler)
    received = create_report().report_id
    reopen(closed)
    for report_id in (open_case.report_id, received, closed.report_id):
        with pytest.raises(Conflict) as conflict:
            rate_report(report_id, level=RatingLevel.SATISFIED, city=the_city(), now=LATER)
        assert conflict.value.code == "not_closed"


# Reopening


def test_a_reopened_report_begins_a_new_round_at_the_unit_that_led(
    town: Town, closed: Case
) -> None:
    rate(closed, RatingLevel.DISSATISFIED)
    reopen(closed, " Rác\x00 lại đầy ")
    report = load(closed.report_id)
    first, second = report.rounds
    assert report.state is ReportState.DISPATCHED
    assert (report.outcome, report.closed_at) == (None, None)
    assert (first.closed_at, first.outcome) == (CLOSED, Outcome.FIXED)
    assert (second.number, second.started_at, second.closed_at) == (2, LATER, None)
    assert second.unit_id == town.unit.id
    # Wednesday is day 0; the 7th working day after it is Friday of the week after.
    assert second.due == second.original_due == report.due == datetime(2026, 3, 13, 10, tzinfo=UTC)
    old, new = report.assignments
    assert (old.state, new.state) == (AssignmentState.APPROVED, AssignmentState.DISPATCHED)
    assert (new.handler_id, new.round_id) == (None, second.id)
    assert report.lead_assignment_id == new.id
    entry = entry_of(closed.report_id, HistoryKind.REOPENED)
    assert (entry.from_state, entry.to_state, entry.note) == ("closed", "dispatched", "Rác lại đầy")
    assert [rating.round_id for rating in ratings_of(closed.report_id)] == [first.id]
    assert kinds_of(closed.report_id)[-4:] == [
        HistoryKind.REOPENED,
        HistoryKind.ROUND_STARTED,
        HistoryKind.DISPATCHED,
        HistoryKind.LEAD_NAMED,
    ]


def test_a_second_round_has_its_own_history_rating_and_close(town: Town, closed: Case) -> None:
    rate(closed, RatingLevel.DISSATISFIED)
    reopen(closed)
    version = load(closed.report_id).version
    again = create_round_again(town, closed)
    rate(again, RatingLevel.SATISFIED, now=LATER + 3 * DAY)
    report = load(closed.report_id)
    assert [(r.number, r.outcome, r.closed_at is not None) for r in report.rounds] == [
        (1, Outcome.FIXED, True),
        (2, Outcome.REFUSED, True),
    ]
    assert (report.outcome, report.closed_at) == (Outcome.REFUSED, LATER + 2 * DAY)
    assert [(r.level, r.round_id) for r in ratings_of(closed.report_id)] == [
        (RatingLevel.DISSATISFIED, report.rounds[0].id),
        (RatingLevel.SATISFIED, report.rounds[1].id),
    ]
    closes = [e for e in history_of(closed.report_id) if e.kind is HistoryKind.CLOSED]
    assert [entry.data["number"] for entry in closes] == [1, 2]
    assert min(e.report_version for e in history_of(closed.report_id)[-8:]) >= version
    reopen(closed, now=LATER + 4 * DAY)
    assert load(closed.report_id).rounds[-1].number == 3


def create_round_again(town: Town, case: Case) -> Case:
    """The second round of a case, taken and answered two days after it began."""
    from_now = LATER + DAY
    assignment_id = load(case.report_id).assignments[-1].id
    second = Case(case.report_id, assignment_id, case.code, case.token)
    take_case(
        *(case.report_id, assignment_id),
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=from_now,
    )
    answer_case(
        *(case.report_id, assignment_id),
        Answer(outcome=Outcome.REFUSED, text="Không thuộc danh mục."),
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=from_now + DAY,
    )
    return second


def test_the_reporter_has_thirty_days_and_the_dispatcher_any_time(town: Town, closed: Case) -> None:
    last_moment = CLOSED + timedelta(days=30)
    with pytest.raises(Conflict) as conflict:
        reopen(closed, now=last_moment + timedelta(microseconds=1))
    assert conflict.value.code == "reopening_over"
    reopen(closed, now=last_moment)
    assert load(closed.report_id).state is ReportState.DISPATCHED

    late = create_closed_report(town.unit, category=town.category, handler=town.handler)
    reopen(late, now=CLOSED + timedelta(days=300), actor=town.as_dispatcher)
    assert load(late.report_id).state is ReportState.DISPATCHED


def test_a_promised_date_that_is_later_counts_instead(town: Town) -> None:
    planned = create_closed_report(
        town.unit, category=town.category, outcome=Outcome.PLANNED, handler=town.handler
    )
    assert load(planned.report_id).rounds[0].promised_on == date(2026, 4, 1)
    # To the end of that day in the city, which is 17:00 UTC, and thirty days more.
    after = datetime(2026, 5, 1, 17, 0, tzinfo=UTC)
    with pytest.raises(Conflict):
        reopen(planned, now=after)
    reopen(planned, now=after - timedelta(seconds=1))
    assert load(planned.report_id).rounds[-1].number == 2


def test_only_its_reporter_or_a_dispatcher_reopens_and_with_a_reason(
    town: Town, closed: Case
) -> None:
    for actor in (town.as_handler, town.as_head, SYSTEM):
        with pytest.raises(NotAllowed):
            reopen(closed, actor=actor)
    for reason, problem in ((" \x00", "required"), ("a" * 2_001, "too_long")):
        with pytest.raises(Invalid) as invalid:
            reopen(closed, reason)
        assert invalid.value.fields == {"reason": problem}
    for open_case in (create_case(town.unit), create_case(town.unit, handler=town.handler)):
        with pytest.raises(Conflict) as conflict:
            reopen(open_case)
        assert conflict.value.code == "not_closed"
    with pytest.raises(Conflict) as conflict:
        reopen(closed, version=load(closed.report_id).version - 1)
    assert conflict.value.params["changes"] == ["answered", "approved", "closed"]
    assert load(closed.report_id).state is ReportState.CLOSED


def change_unit(unit: Unit, **values: Any) -> None:
    """Set columns of a unit that is stored already."""
    with transaction(the_city()) as session:
        for name, value in values.items():
            setattr(session.get_one(Unit, unit.id), name, value)


def test_a_dissolved_unit_is_followed_by_its_successors(town: Town, closed: Case) -> None:
    heir = create_unit("Người kế tục")
    between = create_unit("Đơn vị tạm", valid_to=date(2026, 3, 3), successor=heir)
    change_unit(town.unit, valid_to=date(2026, 3, 2), successor_id=between.id)
    reopen(closed)
    report = load(closed.report_id)
    assert report.unit_id == report.rounds[1].unit_id == report.assignments[-1].unit_id == heir.id
    assert report.rounds[0].unit_id == town.unit.id


def test_a_unit_without_a_living_successor_is_a_conflict(town: Town, closed: Case) -> None:
    gone = create_unit("Đơn vị cũ", valid_to=date(2026, 3, 3))
    change_unit(town.unit, valid_to=date(2026, 3, 2))
    changes: list[Callable[[], None]] = [
        lambda: None,  # nobody follows
        lambda: change_unit(town.unit, successor_id=gone.id),  # nor after that one
        lambda: change_unit(gone, successor_id=town.unit.id),  # or only each other
    ]
    for change in changes:
        change()
        with pytest.raises(Conflict) as conflict:
            reopen(closed)
        assert conflict.value.code == "no_successor"
    assert load(closed.report_id).state is ReportState.CLOSED


def test_a_new_round_is_promised_by_the_level_then_in_force(town: Town, closed: Case) -> None:
    with transaction(the_city()) as session:
        old = session.query(ServiceLevel).filter_by(code=town.category.service_level_code).one()
        session.add(
            ServiceLevel(
                code=old.code,
                valid_from=date(2026, 3, 3),
                name_vi="Nhanh hơn",
                name_en="Faster",
                clock=old.clock,
                accept_minutes=60,
                resolve_days=1,
                waiting_limit_minutes=0,
                approval_needed=True,
                evidence_needed=True,
            )
        )
    reopen(closed)
    first, second = load(closed.report_id).rounds
    assert first.service_level_id != second.service_level_id
    assert second.due == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


def test_two_reopenings_at_the_same_moment_make_one_round(closed: Case) -> None:
    results = at_once(lambda: reopen(closed), lambda: reopen(closed))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    assert len(load(closed.report_id).rounds) == 2


def test_a_rating_and_a_reopening_at_the_same_moment_do_not_mix(closed: Case) -> None:
    rated, reopened = at_once(lambda: rate(closed), lambda: reopen(closed))
    assert reopened is None
    assert rated is None or isinstance(rated, Conflict)
    first = load(closed.report_id).rounds[0]
    assert [r.round_id for r in ratings_of(closed.report_id)] == [first.id] * (rated is None)
