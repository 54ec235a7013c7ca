"""Printed reports of months, quarters and years, the cases behind them, and who gets them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, defer

from feedback.domain.frozen_cases import FrozenCase, unpacked
from feedback.domain.periods import PeriodKind
from feedback.domain.states import Role
from feedback.storage.models import (
    Account,
    PeriodReport,
    PeriodReportCases,
    PeriodReportFile,
    Report,
    ReportSubscription,
)
from feedback.storage.queries.statistics import is_open

# Who may read figures of the city, and so may have them sent.
READERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def editions(session: Session, period: str, scope: str) -> Sequence[PeriodReport]:
    """Every edition of the report of a period over a scope, the latest first."""
    query = select(PeriodReport).where(PeriodReport.period == period, PeriodReport.scope == scope)
    query = query.order_by(PeriodReport.edition.desc()).options(defer(PeriodReport.figures))
    return session.scalars(query).all()


def one(session: Session, report_id: int) -> PeriodReport | None:
    """A report with all it says."""
    return session.get(PeriodReport, report_id)


def for_change(session: Session, report_id: int) -> PeriodReport | None:
    """A report, locked until the transaction ends."""
    return session.get(PeriodReport, report_id, with_for_update=True, populate_existing=True)


def listed(session: Session, limit: int, kind: PeriodKind | None = None) -> Sequence[PeriodReport]:
    """The reports ordered last, of one kind or of every one, without what they say."""
    query = select(PeriodReport).order_by(PeriodReport.ordered_at.desc(), PeriodReport.id.desc())
    if kind is not None:
        query = query.where(PeriodReport.kind == kind)
    return session.scalars(query.limit(limit).options(defer(PeriodReport.figures))).all()


def files_of(session: Session, report_id: int) -> Sequence[PeriodReportFile]:
    """The files of a report."""
    query = select(PeriodReportFile).where(PeriodReportFile.period_report_id == report_id)
    return session.scalars(
        query.order_by(PeriodReportFile.language.desc(), PeriodReportFile.form)
    ).all()


def files_of_all(
    session: Session, report_ids: Collection[int]
) -> Mapping[int, list[PeriodReportFile]]:
    """The files of some reports, by report."""
    found: dict[int, list[PeriodReportFile]] = defaultdict(list)
    query = select(PeriodReportFile).where(PeriodReportFile.period_report_id.in_(report_ids))
    for one in session.scalars(
        query.order_by(PeriodReportFile.language.desc(), PeriodReportFile.form)
    ):
        found[one.period_report_id].append(one)
    return found


def file_of(session: Session, report_id: int, language: str, form: str) -> PeriodReportFile | None:
    """One file of a report that is ready."""
    return session.get(PeriodReportFile, (report_id, language, form))


def forget_cases(session: Session, report_id: int) -> None:
    """Remove the lists of a report that is being made anew."""
    of_report = PeriodReportCases.period_report_id == report_id
    session.execute(delete(PeriodReportCases).where(of_report))


def cases(session: Session, report_id: int, figure: str) -> Iterator[FrozenCase]:
    """The cases behind a figure of a report, those of every part of its scope."""
    packs = session.scalars(
        select(PeriodReportCases.packed)
        .where(PeriodReportCases.period_report_id == report_id, PeriodReportCases.figure == figure)
        .order_by(PeriodReportCases.number)
    )
    for packed in packs:
        yield from unpacked(packed)


def changed_since(session: Session, moment: datetime) -> Sequence[int]:
    """Reports changed after a moment: what stands of them in columns may have been otherwise."""
    return session.scalars(select(Report.id).where(Report.changed_at > moment)).all()


def perhaps_open_at(session: Session, moment: datetime) -> Sequence[int]:
    """Reports that may have been open at a moment: received before, and open or changed since."""
    since = or_(is_open(), Report.changed_at >= moment)
    return session.scalars(select(Report.id).where(Report.received_at < moment, since)).all()


# Who gets them


def subscriptions_of(session: Session, account_id: int) -> Sequence[ReportSubscription]:
    """What somebody gets."""
    query = select(ReportSubscription).where(ReportSubscription.account_id == account_id)
    return session.scalars(query.order_by(ReportSubscription.scope, ReportSubscription.kind)).all()


def has_address(session: Session, account_id: int) -> bool:
    """Whether anything can be sent to somebody."""
    return bool(session.scalar(select(Account.email).where(Account.id == account_id)))


def subscribed_scopes(session: Session, kind: PeriodKind) -> set[str]:
    """The scopes of which somebody gets the reports of a kind."""
    query = select(ReportSubscription.scope).where(ReportSubscription.kind == kind)
    return set(session.scalars(query.distinct()))


def subscribers(session: Session, kind: PeriodKind, scope: str) -> list[tuple[Account, str]]:
    """Who gets the reports of a kind over a scope and may still read them, with the language."""
    rows = session.execute(
        select(Account, ReportSubscription.language)
        .join(ReportSubscription, ReportSubscription.account_id == Account.id)
        .where(
            ReportSubscription.kind == kind,
            ReportSubscription.scope == scope,
            Account.active,
            Account.role.in_(READERS),
        )
        .order_by(Account.id)
    )
    return [(account, language) for account, language in rows]
