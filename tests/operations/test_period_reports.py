"""The report of a period is made once, and says for ever what it said then."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from feedback.domain.events import Event
from feedback.domain.figure_values import MEASURES
from feedback.domain.measures import STANDING, Figure
from feedback.domain.period_reports import ReportStage, count_in
from feedback.domain.periods import PeriodKind
from feedback.domain.states import ActorKind, RatingLevel, ReportState, Role
from feedback.operations import make_period_report as making
from feedback.operations.city import City
from feedback.operations.list_cases import list_cases, parse_scope
from feedback.operations.make_period_report import Files, Frozen, make_period_report
from feedback.operations.order_period_report import (
    correct_period_report,
    order_due_reports,
    order_period_report,
)
from feedback.operations.rate_report import rate_report
from feedback.operations.rebuild_statistics import rebuild_all
from feedback.operations.refresh_windows import refresh_windows
from feedback.operations.reopen_report import reopen_report
from feedback.operations.show_figures import show_figures
from feedback.operations.subscribe_to_reports import (
    subscribe_to_reports,
    unsubscribe_from_reports,
)
from feedback.operations.transaction import reading
from feedback.storage.models import OutboxRow, PeriodReport, PeriodReportFile, Report
from feedback.storage.queries import period_reports
from tests.factories import MONDAY, actor_of, create_account, the_city
from tests.operations.test_statistics import DISPATCHER, create_busy_weeks, reject

pytestmark = pytest.mark.usefixtures("app_context")
DAY = timedelta(days=1)
APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)  # March is over
SCOPES = ("city", "unit:1", "unit:2", "category:1", "category:2", "area:1")


def plain_files(frozen: Frozen, _city: City) -> Files:
    """A file that says its data time; what files look like is tested where they are written."""
    return {("vi", "pdf"): f"%PDF {frozen.data_time} {frozen.document}".encode()}


def order(period: str = "2026-03", scope: str = "city", now: datetime = APRIL) -> int:
    return order_period_report(period=period, scope=scope, city=the_city(), now=now)


def make(report_id: int, now: datetime = APRIL) -> PeriodReport:
    make_period_report(report_id, write=plain_files, city=the_city(), now=now)
    return report(report_id)


def reopen(report_id: int, now: datetime) -> None:
    reopen_report(report_id, reason="Vẫn còn", actor=DISPATCHER, city=the_city(), now=now)


def report(report_id: int) -> PeriodReport:
    with reading() as session:
        session.expire_all()
        found = period_reports.one(session, report_id)
        assert found is not None
        session.refresh(found)
        session.expunge(found)
    return found


def frozen_cases(report_id: int, figure: Figure, scope: str) -> Counter[tuple[int, int | None]]:
    """The report and round of each case behind a figure of a scope."""
    wanted = parse_scope(scope)
    with reading() as session:
        return Counter(
            (case.report_id, case.round_number)
            for case in period_reports.cases(session, report_id, figure)
            if wanted.unit_id in {None, case.unit_id}
            and wanted.category_id in {None, case.category_id}
            and wanted.area_id in {None, case.area_id}
        )


def closed_once(made: PeriodReport) -> set[int]:
    """Reports whose case was closed in the period and not reopened."""
    closed, reopened = (
        {
            one.report_id
            for one in list_cases(
                figure=figure, scope=parse_scope("city"), period=made.period,
                as_of=made.data_time or APRIL, city=the_city(),
            )
        }
        for figure in (Figure.CLOSED, Figure.CLOSED_REOPENED)
    )  # fmt: skip
    return closed - reopened


def everything_of(report_id: int) -> object:
    """All that is kept of a report."""
    found = report(report_id)
    with reading() as session:
        files = [
            (one.file_key, one.fingerprint) for one in period_reports.files_of(session, report_id)
        ]
    contents = []
    for key, _fingerprint in files:
        with the_city().files.open(key) as stream:
            contents.append(stream.read())
    lists = {
        (figure, scope): frozen_cases(report_id, figure, scope)
        for figure in Figure
        for scope in SCOPES
    }
    return found.figures, found.data_time, found.calendar_version, files, contents, lists


def test_the_figures_are_those_the_pages_showed_and_the_lists_count_them() -> None:
    create_busy_weeks()
    rebuild_all(the_city(), APRIL)
    refresh_windows(city=the_city(), now=APRIL)

    made = make(order())

    assert made.stage is ReportStage.READY
    assert made.data_time == APRIL
    assert made.calendar_version is not None
    measures = [name for name in MEASURES if name not in STANDING]
    for by in ("city", "unit", "category", "area"):
        shown = show_figures(period="2026-03", by=by, measures=measures, city=the_city(), now=APRIL)
        kept = [made.figures["whole"]] if by == "city" else made.figures["parts"][by]
        assert {one["scope"] for one in kept} == {row.scope for row in shown}
        for row in shown:
            (own,) = [one for one in kept if one["scope"] == row.scope]
            told = {name: value for name, value in row.values.items() if name in own["values"]}
            standing = own["values"].pop(Figure.OPEN, {"count": 0})
            assert standing["count"] == own["values"]["backlog"]["count"]
            assert own["values"] == told
            left_out = set(row.values) - set(told)
            assert not any(row.values[name].get("count") for name in left_out)
            assert not any(row.values[name].get("denominator") for name in left_out)
    counted = 0
    for told in (made.figures["whole"], *chain.from_iterable(made.figures["parts"].values())):
        for figure in set(Figure) - STANDING:
            found = frozen_cases(made.id, figure, told["scope"])
            listed = list_cases(
                figure=figure, scope=parse_scope(told["scope"]), period="2026-03",
                as_of=made.data_time, city=the_city(),
            )  # fmt: skip
            assert found == Counter((one.report_id, one.round_number) for one in listed)
            count = count_in(told, figure)
            assert count is None or count == found.total()
            counted += found.total()
    assert counted > 300


def test_what_was_open_at_the_end_has_its_list_whatever_becomes_of_it() -> None:
    create_busy_weeks()
    in_may = APRIL + 40 * DAY
    make(order())
    before = frozen_cases(1, Figure.OPEN, "city")
    with reading() as session:
        undecided = session.query(Report.id).filter_by(state=ReportState.RECEIVED).one()[0]
    assert (undecided, None) in before
    reject(undecided, APRIL + 9 * DAY)
    number = correct_period_report(
        1, reason="Bị loại sau đó", city=the_city(), now=in_may, account_id=None
    )
    made = make(number, in_may)
    assert frozen_cases(number, Figure.OPEN, "city") == before
    opened = made.figures["whole"]["values"]["open"]["count"]
    assert opened == made.figures["whole"]["values"]["backlog"]["count"] > 0
    for told in (made.figures["whole"], *chain.from_iterable(made.figures["parts"].values())):
        listed = list_cases(
            figure=Figure.OPEN, scope=parse_scope(told["scope"]), period="7",
            as_of=datetime(2026, 3, 31, 17, tzinfo=UTC) - timedelta(microseconds=1),
            city=the_city(),
        )  # fmt: skip
        found = frozen_cases(made.id, Figure.OPEN, told["scope"])
        assert {report_id for report_id, _ in found} == {one.report_id for one in listed}
        assert found.total() == len(listed) == count_in(told, Figure.OPEN)


def test_what_happens_later_changes_nothing_of_it_and_a_correction_is_a_further_edition() -> None:
    create_busy_weeks()
    first = make(order())
    before = everything_of(first.id)
    closed = next(iter(closed_once(first)))
    rate_report(closed, level=RatingLevel.DISSATISFIED, city=the_city(), now=APRIL + DAY)
    reopen(closed, APRIL + 2 * DAY)

    assert order(now=APRIL + 3 * DAY) == first.id
    make(first.id, APRIL + 3 * DAY)
    assert everything_of(first.id) == before

    number = correct_period_report(
        first.id, reason="Đóng nhầm", city=the_city(), now=APRIL + 3 * DAY, account_id=None
    )
    second = make(number, APRIL + 3 * DAY)
    assert (second.edition, second.reason, second.stage) == (2, "Đóng nhầm", ReportStage.READY)
    assert everything_of(first.id) == before
    reopened = [count_in(one.figures["whole"], Figure.CLOSED_REOPENED) for one in (first, second)]
    assert reopened[1] == reopened[0] + 1
    with pytest.raises(Conflict, match="period_report_corrected"):
        correct_period_report(
            first.id, reason="Nữa", city=the_city(), now=APRIL + 4 * DAY, account_id=None
        )


def test_the_report_of_a_unit_has_its_own_cases_by_category() -> None:
    unit = create_busy_weeks()
    made = make(order(scope=f"unit:{unit.id}"))
    assert made.figures["whole"]["scope"] == f"unit:{unit.id}"
    assert [one["scope"] for one in made.figures["parts"]["category"]] == [
        f"unit:{unit.id}/category:1"
    ]
    received = count_in(made.figures["whole"], Figure.RECEIVED)
    assert received == frozen_cases(made.id, Figure.RECEIVED, f"unit:{unit.id}").total() > 0


def test_the_clock_orders_the_latest_periods_once() -> None:
    unit = create_busy_weeks()
    supervisor = create_account(Role.SUPERVISOR)
    subscribe_to_reports(
        kind=PeriodKind.MONTH, scope=f"unit:{unit.id}", language="en",
        actor=actor_of(supervisor), city=the_city(), now=MONDAY,
    )  # fmt: skip
    for _ in range(2):
        order_due_reports(city=the_city(), now=APRIL)
    with reading() as session:
        ordered = {(one.period, one.scope, one.edition) for one in session.query(PeriodReport)}
        promised = session.query(OutboxRow).filter_by(event=Event.PERIOD_REPORT_ORDERED).count()
    assert ordered == {
        ("2026-03", "city", 1), ("2026-Q1", "city", 1), ("2026-03", f"unit:{unit.id}", 1)
    }  # fmt: skip
    assert promised == 3
    unsubscribe_from_reports(
        kind=PeriodKind.MONTH, scope=f"unit:{unit.id}", actor=actor_of(supervisor), city=the_city()
    )
    with reading() as session:
        assert period_reports.subscribed_scopes(session, PeriodKind.MONTH) == set()


def test_a_job_broken_off_goes_on_with_the_figures_that_were_frozen() -> None:
    create_busy_weeks()
    number = order()

    def fails(_frozen: Frozen, _city: City) -> Files:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        make_period_report(number, write=fails, city=the_city(), now=APRIL)
    half = report(number)
    assert half.stage is ReportStage.FROZEN
    reopen(next(iter(closed_once(half))), APRIL + DAY)
    made = make(number, APRIL + 2 * DAY)
    assert made.data_time == APRIL
    assert made.figures == half.figures
    with reading() as session:
        assert session.query(PeriodReportFile).count() == 1


def test_figures_that_do_not_fit_their_cases_are_never_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create_busy_weeks()
    number = order()
    honest = making._cases
    monkeypatch.setattr(making, "_cases", lambda *given: list(honest(*given))[1:])
    with pytest.raises(making.FiguresMoved):
        make(number)
    assert report(number).stage is ReportStage.ORDERED
    monkeypatch.undo()
    assert make(number, APRIL + DAY).data_time == APRIL + DAY


@pytest.mark.parametrize(
    ("period", "scope", "field", "why"),
    [
        ("2026-04", "city", "period", "period_not_over"),
        ("2026-Q2", "city", "period", "period_not_over"),
        ("2026-02", "city", "period", "nothing_in_period"),
        ("30", "city", "period", "unknown_window"),
        ("2027-01", "city", "period", "unknown_window"),
        ("tháng 3", "city", "period", "unknown_window"),
        ("2026-03", "unit:99", "scope", "unknown"),
        ("2026-03", "category:1", "scope", "unknown"),
        ("2026-03", "unit:1/category:1", "scope", "unknown"),
        ("2026-03", "'; drop table", "scope", "unknown"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_reported_is_refused(period: str, scope: str, field: str, why: str) -> None:
    create_busy_weeks()
    with pytest.raises(Invalid) as refused:
        order(period, scope)
    assert refused.value.fields == {field: why}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_who_reads_figures_gets_them_sent() -> None:
    with pytest.raises(NotAllowed):
        subscribe_to_reports(
            kind=PeriodKind.MONTH, scope="city", language="vi",
            actor=Actor(ActorKind.STAFF, 1, Role.HEAD, 1), city=the_city(), now=MONDAY,
        )  # fmt: skip
    supervisor = actor_of(create_account(Role.SUPERVISOR))
    wrong: list[tuple[PeriodKind, str, str, str]] = [
        (PeriodKind.ROLLING, "city", "vi", "kind"),
        (PeriodKind.MONTH, "area:1", "vi", "scope"),
        (PeriodKind.MONTH, "city", "fr", "language"),
    ]
    for kind, scope, language, field in wrong:
        with pytest.raises(Invalid) as refused:
            subscribe_to_reports(
                kind=kind, scope=scope, language=language,
                actor=supervisor, city=the_city(), now=MONDAY,
            )  # fmt: skip
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_correction_says_why(reason: str) -> None:
    create_busy_weeks()
    made = make(order())
    with pytest.raises(DomainError):
        correct_period_report(made.id, reason=reason, city=the_city(), now=APRIL, account_id=None)
