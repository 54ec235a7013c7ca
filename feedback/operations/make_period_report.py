"""An ordered report of a month, quarter or year is made: figures, their cases, and the files.

The figures are frozen first, in a short transaction. The lists behind them follow from history at
the same data time, which nothing that happens later changes, and are gathered without keeping
anybody from writing. With the files all of it becomes final at once.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.backlog import Backlog, backlog_by_day
from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import counts_from_json, flows_from_json
from feedback.domain.frozen_cases import FrozenCase, Pack
from feedback.domain.measures import CITY, Figure, contributions, scopes
from feedback.domain.notices import NoticeKind
from feedback.domain.period_reports import (
    DEFINITIONS,
    Day,
    Document,
    Named,
    ReportStage,
    count_in,
    document_of,
)
from feedback.domain.periods import Period, Window, period_named
from feedback.domain.timelines import Stay, facts
from feedback.domain.windows import WindowFigures, series
from feedback.operations.city import City
from feedback.operations.day_rows import chunks, spans_of
from feedback.operations.figures import bring_up_to_date
from feedback.operations.outbox import Claim, complete
from feedback.operations.ready_rows import (
    SCOPES_AT_ONCE,
    ready_figures,
    standing_by_scope,
    working_day_minutes,
)
from feedback.operations.recipients import staff
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import reading, transaction
from feedback.operations.write_notices import Wanted, write_notices
from feedback.storage.files.keys import document_key
from feedback.storage.models import PeriodReport, PeriodReportCases, PeriodReportFile
from feedback.storage.queries import figure_cases, period_reports, statistics

PARTS: Mapping[str, tuple[str, ...]] = {CITY: ("unit", "category", "area"), "unit": ("category",)}
CASES_A_PACK = 200_000


class FiguresMoved(RuntimeError):
    """The cases found are not those that were counted; the figures are frozen anew."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that the files of a report say."""

    report_id: int
    period: Period
    scope: str
    edition: int
    reason: str
    document: Document
    data_time: datetime
    calendar_version: int
    definitions: int


Files = Mapping[tuple[str, str], bytes]  # by language and form
Writer = Callable[[Frozen, City], Files]


def make_period_report(
    report_id: int, *, write: Writer, city: City, now: datetime, claim: Claim | None = None
) -> None:
    """Freeze the figures of an ordered report, list their cases, write its files, tell who gets it.

    A report that is ready is left as it is. Raises FiguresMoved, PrintingFailed, to be tried
    again, and WorkAlreadyDone when the claim is not held any more.
    """
    _freeze(report_id, city, now)
    with reading() as session:
        report = period_reports.one(session, report_id)
        frozen = frozen_of(report) if report and report.stage is ReportStage.FROZEN else None
        packs = _packs(session, city, frozen) if frozen else {}
    if frozen is not None and packs is None:
        _thaw(report_id, city)
        raise FiguresMoved(f"report {report_id}: the calendar or a history has changed meanwhile")
    files = write(frozen, city) if frozen else {}
    kept = {key: document_key(content, key[1]) for key, content in files.items()}
    for key, content in files.items():
        city.files.put(kept[key], content)
    with transaction(city) as session:
        complete(session, claim, now)
        report = period_reports.for_change(session, report_id)
        if not frozen or report is None or report.stage is not ReportStage.FROZEN:
            return
        for figure, packed in (packs or {}).items():
            for number, content in enumerate(packed):
                session.add(
                    PeriodReportCases(
                        period_report_id=report_id, figure=figure, number=number, packed=content
                    )
                )
        for (language, form), content in files.items():
            session.add(
                PeriodReportFile(
                    period_report_id=report_id,
                    language=language,
                    form=form,
                    file_key=kept[language, form],
                    fingerprint=hashlib.sha256(content).hexdigest(),
                    size=len(content),
                )
            )
        report.stage, report.ready_at = ReportStage.READY, now
        write_notices(session, _wanted(session, report), city, now)


def frozen_of(report: PeriodReport) -> Frozen:
    """A report whose figures stand, as its files and pages say it. Raises ValueError for others."""
    if report.figures is None or report.data_time is None:
        raise ValueError(f"report {report.id} has no figures yet")
    return Frozen(
        report_id=report.id,
        period=period_named(report.period, date.max),
        scope=report.scope,
        edition=report.edition,
        reason=report.reason,
        document=report.figures,
        data_time=report.data_time,
        calendar_version=report.calendar_version or 0,
        definitions=report.definitions or 0,
    )


# Figures


def _freeze(report_id: int, city: City, now: datetime) -> None:
    """Keep the figures of a report that has none, by what is known at this moment."""
    with transaction(city) as session:
        report = period_reports.for_change(session, report_id)
        if report is None or report.stage is not ReportStage.ORDERED:
            return
        bring_up_to_date(session, city, now)
        moments = (now, statistics.data_time(session), statistics.latest_change(session))
        as_of = max(moment for moment in moments if moment is not None)
        calendar = working_calendar(session, city)
        period = period_named(report.period, calendar.local_day(as_of))
        report.figures = _document(session, calendar, period, report.scope, as_of)
        report.data_time, report.definitions = as_of, DEFINITIONS
        report.calendar_version = calendar.version
        report.stage = ReportStage.FROZEN


def _thaw(report_id: int, city: City) -> None:
    with transaction(city) as session:
        report = period_reports.for_change(session, report_id)
        if report is not None and report.stage is ReportStage.FROZEN:
            report.figures, report.stage = None, ReportStage.ORDERED


def _document(
    session: Session, calendar: Calendar, period: Period, scope: str, as_of: datetime
) -> dict[str, Any]:
    kinds = PARTS[scope.partition(":")[0]]
    own = _scopes_of(session, scope, kinds)
    at = standing_by_scope(statistics.running_reports(session), calendar, as_of)
    told: dict[str, Mapping[str, object]] = {}
    for some in chunks(sorted({scope, *own}), SCOPES_AT_ONCE):
        wanted = {one: [period] for one in some}
        for one, found in ready_figures(session, calendar, wanted, at, as_of):
            told[one] = found.get(period.name, {})
    names = _names(session)

    def named(one: str) -> Named:
        kind, _, number = one.rpartition("/")[2].partition(":")
        vi, en, short = names.get(f"{kind}:{number}", ("", "", ""))
        figures, before = _figures(told.get(one, {}), period)
        return Named(one, int(number or 0), vi, en, short, figures, before)

    parts = {
        kind: [
            named(one)
            for one in own
            if one.rpartition("/")[2].startswith(f"{kind}:") and told.get(one)
        ]
        for kind in kinds
    }
    whole = named(scope)
    days = _days(session, scope, period.window, whole.figures.backlog)
    return document_of(period, whole, parts, days, working_day_minutes(calendar))


def _scopes_of(session: Session, scope: str, kinds: Iterable[str]) -> list[str]:
    """The parts of a scope: units, categories and areas of the city, categories of a unit."""
    before = "" if scope == CITY else f"{scope}/"
    wanted = tuple(f"{before}{kind}:" for kind in kinds)
    return [
        one
        for one in sorted(statistics.known_scopes(session))
        if one.startswith(wanted) and "/" not in one.removeprefix(before)
    ]


def _figures(
    told: Mapping[str, object], period: Period
) -> tuple[WindowFigures, WindowFigures | None]:
    figures, before = told.get("figures"), told.get("before")
    nothing = WindowFigures({}, {}, Backlog(period.window.last))
    return (
        WindowFigures.from_json(figures) if isinstance(figures, Mapping) else nothing,
        WindowFigures.from_json(before) if isinstance(before, Mapping) else None,
    )


def _names(session: Session) -> dict[str, tuple[str, str, str]]:
    """The names of every unit, category and area in both languages, and what is short of units."""
    return {
        **{
            f"unit:{one.id}": (one.name, one.name_en, one.short_name)
            for one in figure_cases.units(session)
        },
        **{
            f"category:{one.id}": (one.name_vi, one.name_en, "")
            for one in figure_cases.categories(session)
        },
        **{
            f"area:{one.id}": (one.full_name, one.name_en, "")
            for one in figure_cases.areas(session)
        },
    }


def _days(session: Session, scope: str, window: Window, last: Backlog) -> list[Day]:
    days = (session, scope, window.first, window.last)
    counts = {day: counts_from_json(told) for day, told in statistics.day_counts(*days).items()}
    flows = {day: flows_from_json(told) for day, told in statistics.day_flows(*days).items()}
    opened = {one.day: one.count for one in backlog_by_day(last, flows, window.first)}
    return [
        (point.day, point.received, point.closed, opened[point.day])
        for point in series(counts, window)
    ]


# Cases


def _packs(session: Session, city: City, frozen: Frozen) -> dict[str, list[bytes]] | None:
    """The cases of every figure of a report; None where they are not what was counted."""
    calendar = working_calendar(session, city)
    counts: Counter[Figure] = Counter()
    open_packs: dict[Figure, Pack] = defaultdict(Pack)
    packed: dict[str, list[bytes]] = defaultdict(list)
    for figure, case in _cases(session, calendar, frozen):
        pack = open_packs[figure]
        pack.add(case)
        counts[figure] += 1
        if len(pack) >= CASES_A_PACK:
            packed[figure].append(open_packs.pop(figure).packed())
    for figure, pack in open_packs.items():
        packed[figure].append(pack.packed())
    told = {figure: count_in(frozen.document["whole"], figure) for figure in Figure}
    same = all(count is None or count == counts[figure] for figure, count in told.items())
    return dict(packed) if same and calendar.version == frozen.calendar_version else None


def _cases(
    session: Session, calendar: Calendar, frozen: Frozen
) -> Iterable[tuple[Figure, FrozenCase]]:
    """Every case of every figure, in one walk over the histories that touch the period.

    What was open at the end of its last day is listed as `Figure.OPEN`.
    """
    window, as_of = frozen.period.window, frozen.data_time
    spans = spans_of(window.days, calendar.zone)
    found = statistics.reports_on(session, window.days, spans)
    open_then = period_reports.perhaps_open_at(session, spans[-1][1])
    changed = period_reports.changed_since(session, as_of)
    ids: Sequence[int] = sorted({*found, *changed, *open_then})
    for entries in statistics.histories(session, ids):
        report = facts(entries, as_of)
        if report is None:
            continue
        for one in contributions(report, as_of, calendar):
            named = scopes(one.unit_id, report.category_id, report.area_id)
            if frozen.scope in named and calendar.local_day(one.moment) in window:
                yield (
                    one.figure,
                    FrozenCase(
                        report.report_id,
                        one.round_number,
                        one.unit_id,
                        report.category_id,
                        report.area_id,
                        one.moment,
                        one.minutes,
                    ),
                )
        for stay in report.stays:
            named = scopes(stay.unit_id, stay.category_id, report.area_id)
            if frozen.scope in named and _lasts_beyond(stay, window.last, calendar):
                yield (
                    Figure.OPEN,
                    FrozenCase(
                        report.report_id,
                        None,
                        stay.unit_id,
                        stay.category_id,
                        report.area_id,
                        report.received_at,
                        None,
                    ),
                )


def _lasts_beyond(stay: Stay, day: date, calendar: Calendar) -> bool:
    """Whether a report was in these hands at the end of a day."""
    ended = stay.until is not None and calendar.local_day(stay.until) <= day
    return calendar.local_day(stay.since) <= day and not ended


# Readers


def _wanted(session: Session, report: PeriodReport) -> list[Wanted]:
    return [
        Wanted(
            NoticeKind.PERIOD_REPORT,
            person,
            f"period-report-{report.id}",
            data={"period_report_id": report.id, "language": language},
        )
        for account, language in period_reports.subscribers(session, report.kind, report.scope)
        for person in staff([account], None)
    ]
