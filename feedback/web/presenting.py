"""A report as the citizen's and the public's pages show it: plain values, nothing private.

A page gets only what is listed here, so a new column cannot appear on it by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flask import url_for
from flask_babel import get_locale

from feedback.domain.calendar import Calendar
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    EXCLUDED_REPORT_STATES,
    Clock,
    PhotoPurpose,
    PhotoState,
    ReportState,
)
from feedback.domain.text import summary
from feedback.storage.models import (
    Area,
    Assignment,
    Category,
    CategoryGroup,
    Document,
    HistoryEntry,
    Photo,
    Report,
    ServiceLevel,
    Unit,
)
from feedback.web.deadlines import Deadline, deadline_of
from feedback.web.documents import DocumentView
from feedback.web.messages import outcome_word, sentence

# The public steps of a report's history, by the names the timeline has words for.
EVENTS = {
    HistoryKind.RECEIVED: "received",
    HistoryKind.DISPATCHED: "dispatched",
    HistoryKind.ACCEPTED: "in_progress",
    HistoryKind.QUESTION_ASKED: "question",
    HistoryKind.QUESTION_ANSWERED: "citizen_answered",
    HistoryKind.CITIZEN_WROTE: "citizen_wrote",
    HistoryKind.RESUMED: "resumed",
    HistoryKind.NOTE: "note",
    HistoryKind.RETURNED: "returned",
    HistoryKind.TRANSFERRED: "transferred",
    HistoryKind.CLOSED: "closed",
    HistoryKind.PROMISE_KEPT: "promise_kept",
    HistoryKind.LETTER_SIGNED: "letter",
    HistoryKind.REOPENED: "reopened",
    HistoryKind.REJECTED: "rejected",
    HistoryKind.REJECTION_LIFTED: "accepted_after_all",
    HistoryKind.REJECTION_UPHELD: "still_refused",
    HistoryKind.ASKED_AGAIN: "asked_again",
    HistoryKind.MARKED_DUPLICATE: "duplicate",
    HistoryKind.DUPLICATE_UNDONE: "of_its_own",
    HistoryKind.WITHDRAWN: "withdrawn",
}
# Public steps whose words are for staff: not even the reporter reads them.
SAID_INSIDE = frozenset({HistoryKind.RETURNED, HistoryKind.REJECTION_LIFTED})
SAID_BY_UNITS = frozenset(
    {
        HistoryKind.QUESTION_ASKED,
        HistoryKind.NOTE,
        HistoryKind.PROMISE_KEPT,
        HistoryKind.LETTER_SIGNED,
    }
)
# Between the reporter and the unit: on the reporter's own page and on no other.
FOR_THE_REPORTER = frozenset(
    {
        HistoryKind.QUESTION_ASKED,
        HistoryKind.QUESTION_ANSWERED,
        HistoryKind.CITIZEN_WROTE,
        HistoryKind.RESUMED,
    }
)


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo on its way: waiting, ready with its addresses, or failed with the reason."""

    state: PhotoState
    small_url: str
    large_url: str
    problem: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One step of a timeline; `day` is the new appointment of a letter, `url` its PDF."""

    kind: str
    at: datetime
    unit_name: str = ""
    text: str = ""
    outcome_word: str = ""
    due: datetime | None = None
    code: str = ""
    photos: Sequence[PhotoView] = ()
    day: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A unit's approved answer. `days_before_due` is negative when it came late; at `kept_at` the
    unit showed that it had done what the answer planned."""

    unit_name: str
    text: str
    at: datetime
    outcome: str
    planned_on: date | None
    photos: Sequence[PhotoView]
    working_days: int | None
    days_before_due: int
    kept_at: datetime | None = None
    documents: Sequence[DocumentView] = ()


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as its own page or a list shows it."""

    code: str
    title: str
    state: ReportState
    outcome: str | None
    visibility: str
    category_name: str
    area_name: str
    received_at: datetime
    text: str = ""
    address_text: str = ""
    unit_name: str = ""
    deadline: Deadline | None = None
    photos: Sequence[PhotoView] = field(default_factory=tuple)
    thumb_url: str = ""
    ending_text: str = ""
    root_code: str = ""


def name_of(thing: Category | CategoryGroup | ServiceLevel | None) -> str:
    """The name of a category, a group of them or a service level in the reader's language."""
    if thing is None:
        return ""
    return thing.name_en if str(get_locale()) == "en" else thing.name_vi


def area_name(area: Area | None) -> str:
    """The full name of an area in the reader's language."""
    if area is None:
        return ""
    return (str(get_locale()) == "en" and area.name_en) or area.full_name


def unit_name(unit: Unit | None) -> str:
    """The name of a unit in the reader's language."""
    if unit is None:
        return ""
    return (str(get_locale()) == "en" and unit.name_en) or unit.name


def title_of(report: Report) -> str:
    """What a report is called in lists: the first words of its text, else its category."""
    return summary(report.text) or name_of(report.category) or report.code


def photo_view(photo: Photo) -> PhotoView:
    """A photo as a page shows it."""
    ready = photo.state is PhotoState.READY
    return PhotoView(
        state=photo.state,
        small_url=media_url(photo.small_key) if ready else "",
        large_url=media_url(photo.large_key) if ready else "",
        problem=sentence(photo.problem.value) if photo.problem else "",
    )


def media_url(key: str) -> str:
    """The address of a finished picture."""
    return url_for("public.picture", name=key.rpartition("/")[2]) if key else ""


def list_view(report: Report, thumb_key: str) -> ReportView:
    """A report as an item of a public list."""
    return ReportView(
        code=report.code,
        title=title_of(report),
        state=report.state,
        outcome=report.outcome,
        visibility=report.visibility,
        category_name=name_of(report.category),
        area_name=area_name(report.area),
        received_at=report.received_at,
        thumb_url=media_url(thumb_key),
    )


def page_view(
    report: Report,
    photos: Sequence[Photo],
    calendar: Calendar,
    now: datetime,
    *,
    root_code: str = "",
) -> ReportView:
    """A report as its own page shows it."""
    return replace(
        list_view(report, ""),
        text=report.text,
        address_text=report.address_text,
        unit_name=unit_name(report.unit),
        deadline=report_deadline(report, calendar, now),
        photos=[photo_view(p) for p in photos if p.purpose is PhotoPurpose.REPORT],
        ending_text=report.rejection_text,
        root_code=root_code,
    )


def report_deadline(report: Report, calendar: Calendar, now: datetime) -> Deadline | None:
    """The deadline of a report's latest round, if it has one that still means something."""
    without = {ReportState.RECEIVED, *EXCLUDED_REPORT_STATES}
    if not report.rounds or report.state in without:
        return None
    current = report.rounds[-1]
    return deadline_of(
        current.due,
        current.clock,
        calendar,
        now,
        closed_at=current.closed_at,
        waiting=current.waiting_since is not None,
    )


def answered_by(report: Report) -> Assignment | None:
    """The assignment whose answer is the report's, once it is closed."""
    if report.state is not ReportState.CLOSED:
        return None
    return next((a for a in report.assignments if a.id == report.lead_assignment_id), None)


def answer_view(
    report: Report,
    photos: Sequence[Photo],
    calendar: Calendar,
    papers: Sequence[DocumentView] = (),
) -> AnswerView | None:
    """The lead unit's answer of a closed report; `papers` are what proves it beside photos."""
    lead = answered_by(report)
    if lead is None or report.closed_at is None:
        return None
    current = report.rounds[-1]
    closed_on = calendar.local_day(report.closed_at)
    return AnswerView(
        unit_name=unit_name(lead.unit),
        text=lead.answer_text,
        at=report.closed_at,
        outcome=lead.outcome or "",
        planned_on=lead.promised_on,
        photos=[photo_view(p) for p in photos if is_evidence_of(p, lead)],
        working_days=_working_days(current.clock, calendar, current.started_at, report.closed_at),
        days_before_due=(calendar.local_day(current.due) - closed_on).days,
        kept_at=current.promise_kept_at,
        documents=papers,
    )


def event_views(
    history: Sequence[HistoryEntry],
    pictures: Sequence[Photo],
    *,
    own: bool,
    root_code: str = "",
    papers: Mapping[int, str] | None = None,
) -> list[EventView]:
    """The steps a page may show, with the photos of news.

    Only the reporter's own page has what the unit asked and the reporter wrote. `papers` are the
    addresses of letters by their ids.
    """
    return [
        EventView(
            kind=EVENTS[entry.kind],
            at=entry.at,
            unit_name=unit_name(entry.unit),
            text=_said(entry, own),
            outcome_word=outcome_word(entry.data.get("outcome")),
            code=root_code,
            day=_new_day(entry),
            url=(papers or {}).get(entry.data.get("letter_id") or 0, ""),
            photos=[
                photo_view(photo)
                for photo in pictures
                if photo.message_id and photo.message_id == entry.data.get("message_id")
            ],
        )
        for entry in history
        if entry.kind in EVENTS and (entry.public or (own and entry.kind in FOR_THE_REPORTER))
    ]


def _said(entry: HistoryEntry, own: bool) -> str:
    if entry.kind in SAID_INSIDE:
        return ""
    return entry.note if own or entry.kind in SAID_BY_UNITS else ""


def _new_day(entry: HistoryEntry) -> date | None:
    """The day a letter of apology puts the citizen off to."""
    told = entry.data.get("new_date")
    return date.fromisoformat(told) if told else None


def is_evidence_of(photo: Photo, assignment: Assignment) -> bool:
    """Whether a photo came with an answer of this unit, not with a note of it."""
    return photo.purpose is PhotoPurpose.EVIDENCE and photo.assignment_id == assignment.id


def proves(paper: Document, assignment: Assignment) -> bool:
    """Whether a document came with an answer of this unit, not with a note of it."""
    return paper.message_id is None and paper.assignment_id == assignment.id


def _working_days(clock: Clock, calendar: Calendar, start: datetime, end: datetime) -> int | None:
    """Working days from the day of the start to the day of the end; None round the clock."""
    if clock is not Clock.WORKING:
        return None
    return calendar.working_days_between(calendar.local_day(start), calendar.local_day(end))
