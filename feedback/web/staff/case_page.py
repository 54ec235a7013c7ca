"""A case as its page shows it: one report, what may be done with it, and what happened so far."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.domain.permissions import may_see_case
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.reference import working_calendar
from feedback.storage.models import HistoryEntry, Letter, Report
from feedback.storage.queries import (
    cases,
    documents,
    followers,
    histories,
    letters,
    messages,
    photos,
)
from feedback.storage.queries.cases import Names
from feedback.web import context
from feedback.web.messages import explain
from feedback.web.staff import history as words
from feedback.web.staff import people
from feedback.web.staff.case_view import (
    assignment_view,
    map_view,
    ratings_view,
    report_view,
    routing_reasons,
    term_view,
    why_it_is_here,
)
from feedback.web.staff.conversation import conversation
from feedback.web.staff.lists import came_from
from feedback.web.staff.sent import Sent
from feedback.web.staff.steps import own_assignment, steps_for
from feedback.web.staff.told import who_was_told
from feedback.web.staff.triage_desk import triage_desk
from feedback.web.staff.unit_desk import unit_desk
from feedback.web.staff.who_reported import contact_left, with_looks


def visible_report(code: str) -> Report:
    """The report behind a code, if the person at the desk may see it.

    Raises NotFound for a missing report and for another unit's alike.
    """
    report = cases.by_code(db.session(), parse_code(code) or "")
    if report is None:
        raise NotFound
    if not may_see_case(people.current_actor(), frozenset(a.unit_id for a in report.assignments)):
        raise NotFound
    return report


def case_page(code: str, sent: Sent | None = None) -> str:
    """The page of a case, with a form that came back where there is one."""
    report = visible_report(code)
    session, now, actor = db.session(), context.now(), people.current_actor()
    calendar = working_calendar(session, context.city())
    history = histories.of_report(session, report.id)
    names = cases.names_in(session, history)
    pictures = photos.of_report(session, report.id)
    papers = documents.of_report(session, report.id)
    said = messages.of_report(session, report.id)
    steps, own = steps_for(report, actor), own_assignment(report, actor)
    sent, source = sent or Sent("", {}), came_from()
    return render_template(
        "staff/case.html",
        report={**report_view(report, pictures, calendar, now), "from": source.words},
        source=source,
        term=term_view(report, calendar, now),
        assignments=[assignment_view(a, report, pictures, papers) for a in report.assignments],
        steps=steps,
        conversation=conversation(report, said, history, pictures, papers),
        history=list(reversed(with_looks(report, words.lines(history, names)))),
        contact=contact_left(report),
        told=who_was_told(report),
        reasons=routing_reasons(history, names),
        why_here=why_it_is_here(report, history),
        ratings=ratings_view(report, pictures),
        apology=_letter_to_sign(report),
        also=followers.counts(session, [report.id]).get(report.id, 0),
        conflict=_conflict(report, sent, names),
        sent=sent,
        form=defaultdict(lambda: None, sent.values),
        errors=sent.errors,
        map=map_view(report),
        **unit_desk(report, own, steps, sent),
        **triage_desk(report, history, sent.form),
    )


def _letter_to_sign(report: Report) -> Letter | None:
    """The letter of apology that the head at the desk has to sign."""
    person = people.current()
    if person.role is not Role.HEAD:
        return None
    return letters.unsigned_of(db.session(), report.id, person.unit_id)


def _conflict(report: Report, sent: Sent, names: Names) -> dict[str, Any] | None:
    """What happened to the report since the person looked at it."""
    if sent.conflict is None:
        return None
    since: Sequence[HistoryEntry] = []
    if sent.seen_version is not None:
        since = histories.after_version(db.session(), report.id, sent.seen_version)
    return {"sentence": explain(sent.conflict), "changes": words.lines(since, names)}
