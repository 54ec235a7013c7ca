"""What must hold of a report and its record at all times, and of every change."""

from typing import Any

from feedback.domain.histories import Entry
from feedback.domain.states import (
    AssignmentState,
    ReportState,
)
from feedback.domain.timelines import facts
from feedback.storage.models import Report
from tests.operations.folding import Fold
from tests.operations.lives import history_of

A, R = AssignmentState, ReportState
ENDED = {A.RETURNED, A.TRANSFERRED, A.WITHDRAWN}
APART = {R.REJECTED, R.DUPLICATE, R.WITHDRAWN}


def check(report: Report) -> None:
    """What holds of a report at all times."""
    history = history_of(report.id)
    fold = Fold(history)
    assert fold.state == report.state
    assert fold.assignments == {a.id: a.state for a in report.assignments}
    assert [entry.at for entry in history] == sorted(entry.at for entry in history)
    assert report.changed_at == history[-1].at
    assert report.version == history[-1].report_version

    numbers = [one.number for one in report.rounds]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(one.closed_at for one in report.rounds[:-1])
    for one in report.rounds:
        assert one.due >= one.original_due
        assert one.due.second == one.due.microsecond == 0
        assert 0 <= one.waited_minutes <= 600
    if report.rounds:
        check_latest_round(report, fold)
    told = facts([plain(entry) for entry in history], report.changed_at)
    assert told is not None
    assert told.excluded == (report.state in APART)
    assert told.first_answered_at == report.first_answered_at
    if report.state not in {*APART, R.CLOSED}:
        lead = next((a for a in report.assignments if a.id == report.lead_assignment_id), None)
        assert told.holder_id == (lead.unit_id if lead else None)
    untouched = {(one.unit_id, one.dispatched_at) for one in told.held if one.minutes is None}
    waiting = {a for a in report.assignments if a.state is A.DISPATCHED}
    assert untouched == {(a.unit_id, a.dispatched_at) for a in waiting}
    assert [one.minutes for one in told.rounds] == [one.minutes for one in report.rounds]
    assert [
        (r.number, r.due, r.original_due, r.waited_minutes, r.waiting_since, r.closed_at, r.unit_id)
        for r in told.rounds
    ] == [
        (r.number, r.due, r.original_due, r.waited_minutes, r.waiting_since, r.closed_at, r.unit_id)
        for r in report.rounds
    ]


def check_latest_round(report: Report, fold: Fold) -> None:
    """What holds of the round under way, or closed last."""
    current = report.rounds[-1]
    mine = [a for a in report.assignments if a.round_id == current.id]
    live = [a for a in mine if a.state not in ENDED]
    leads = [a for a in live if a.id == report.lead_assignment_id]
    assert (current.closed_at is not None) == (report.state is R.CLOSED)
    assert report.closed_at == current.closed_at
    assert report.outcome == current.outcome
    assert report.due == current.due
    assert {a.due for a in live} <= {current.due}
    assert all((a.ended_at is not None) == (a.state in ENDED) for a in report.assignments)
    undecided = [a for a in report.assignments if a.return_undecided]
    assert {a.state for a in undecided} <= {A.RETURNED}
    assert not (undecided and report.state in {*APART, R.CLOSED})
    assert len({a.unit_id for a in live}) == len(live)
    if report.state in APART:
        assert not live
        assert current.waiting_since is None
        return
    assert len(leads) == bool(live)
    if leads:
        assert fold.lead == leads[0].id
        assert report.unit_id == current.unit_id == leads[0].unit_id
        assert (current.waiting_since is not None) == (leads[0].state is A.WAITING)
    else:
        assert report.state is R.RECEIVED
        assert report.lead_assignment_id is None
        assert current.waiting_since is None
    if report.state is R.CLOSED:
        assert {a.state for a in live} == {A.APPROVED}
        assert report.outcome == leads[0].outcome


def check_change(before: Report, after: Report, entries: int) -> None:
    """One change is one version, and each step of it one entry; what was written stays."""
    new = history_of(after.id)[entries:]
    if not new:
        assert after.version == before.version
        return
    assert after.version == before.version + 1
    assert {entry.report_version for entry in new} == {after.version}
    was = {assignment.id: assignment.state for assignment in before.assignments}
    for assignment in after.assignments:
        moves = [e for e in new if e.assignment_id == assignment.id and e.to_state]
        if assignment.state == was.get(assignment.id):
            assert not moves
        else:
            assert moves[0].from_state == was.get(assignment.id)
            assert moves[-1].to_state == assignment.state
    for old, kept in zip(before.rounds, after.rounds, strict=False):
        assert old.original_due == kept.original_due
        assert old.closed_at in {None, kept.closed_at}


def plain(entry: Any) -> Entry:
    """A stored entry as the product's own fold reads it."""
    return Entry(
        report_id=entry.report_id,
        at=entry.at,
        kind=entry.kind,
        actor_kind=entry.actor_kind,
        unit_id=entry.unit_id,
        public=entry.public,
        data=entry.data,
    )
