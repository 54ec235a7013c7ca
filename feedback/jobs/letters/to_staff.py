"""What staff are told: which case, where, by when. Nothing of the citizen stands in these letters,
not even what they wrote: the case's page shows that to whoever may see it."""

from collections.abc import Callable, Sequence
from functools import partial

from feedback.domain.notices import NoticeKind
from feedback.jobs.letters.draft import Draft
from feedback.jobs.letters.wording import area_name, category_name, link, moment, unit_name
from feedback.storage.models import Assignment, HistoryEntry, PeriodReport, Report
from feedback.wording import _, ngettext

LONGEST_LIST = 50
# What a letter about one case says: its subject, and one sentence.
Said = tuple[str, str]


def assigned(entry: HistoryEntry) -> Said:
    """A case for the unit, or for the person it was given to."""
    unit = unit_name(entry.unit)
    return _("A case for you"), _("A case was given to you or to your unit, %(unit)s.", unit=unit)


def sent_back(_entry: HistoryEntry) -> Said:
    """The head wants an answer improved."""
    return (
        _("An answer was sent back to you"),
        _("The head of the unit wants the answer to this case improved; the case says why."),
    )


def returned(entry: HistoryEntry) -> Said:
    """A unit gave a case back: the operations centre decides what next."""
    words = _(
        "%(unit)s returned this case; the case says why. Please decide who handles it.",
        unit=unit_name(entry.unit),
    )
    return _("A case was returned"), words


def question_answered(_entry: HistoryEntry) -> Said:
    """The citizen answered."""
    return _("The citizen answered your question"), _("The answer stands in the case.")


def requested(entry: HistoryEntry) -> Said:
    """A unit asks for another unit or for more time."""
    words = _(
        "%(unit)s asks for another unit or for more time; the case says why. Please decide.",
        unit=unit_name(entry.unit),
    )
    return _("A unit asks for a decision"), words


def request_refused(_entry: HistoryEntry) -> Said:
    """The operations centre does not agree with the unit."""
    return (
        _("Your request was refused"),
        _("The operations centre refused what was asked for this case; the case says why."),
    )


def due_tomorrow(cases: Sequence[Assignment]) -> Draft:
    """What is due on the next working day."""
    subject = ngettext(
        "%(num)s case is due on the next working day",
        "%(num)s cases are due on the next working day",
        len(cases),
    )
    return _list(cases, subject, _("These cases are due by the end of the next working day:"))


def overdue(cases: Sequence[Assignment]) -> Draft:
    """What has become overdue."""
    subject = ngettext("%(num)s case is overdue", "%(num)s cases are overdue", len(cases))
    return _list(cases, subject, _("The deadline of these cases has passed:"))


def escalated(cases: Sequence[Assignment]) -> Draft:
    """What has been overdue for long."""
    subject = ngettext(
        "%(num)s case of your unit has been overdue for days",
        "%(num)s cases of your unit have been overdue for days",
        len(cases),
    )
    return _list(
        cases,
        subject,
        _("You are told as the head of the unit: these cases are overdue and still not settled."),
    )


def password_given() -> Draft:
    """Somebody else gave the reader's account a password."""
    return _about_account(
        _("Your password was reset"),
        _(
            "An administrator gave your account a new password; the old one is worth nothing any"
            " more and all your sessions have ended. You replace it by one of your own when you log"
            " in."
        ),
    )


def second_factor_reset() -> Draft:
    """Somebody else took the second factor away."""
    return _about_account(
        _("Your second factor was reset"),
        _(
            "An administrator took the second factor of your account away, and all your sessions"
            " have ended. Set up a new one when you log in."
        ),
    )


_ABOUT_CASES: dict[NoticeKind, Callable[[HistoryEntry], Said]] = {
    NoticeKind.ASSIGNED: assigned,
    NoticeKind.SENT_BACK: sent_back,
    NoticeKind.RETURNED: returned,
    NoticeKind.QUESTION_ANSWERED: question_answered,
    NoticeKind.REQUESTED: requested,
    NoticeKind.REQUEST_REFUSED: request_refused,
}
LISTS: dict[NoticeKind, Callable[[Sequence[Assignment]], Draft]] = {
    NoticeKind.DUE_TOMORROW: due_tomorrow,
    NoticeKind.OVERDUE: overdue,
    NoticeKind.ESCALATED: escalated,
}


OF_ACCOUNTS: dict[NoticeKind, Callable[[], Draft]] = {
    NoticeKind.PASSWORD_GIVEN: password_given,
    NoticeKind.SECOND_FACTOR_RESET: second_factor_reset,
}


def period_report(report: PeriodReport, title: str, scope: str, attached: bool) -> Draft:
    """The report of a period is ready: where it can be read, and the paper itself."""
    corrected = report.edition > 1
    words = _("The report is ready. Its figures stay as they are, whatever happens later.")
    if corrected:
        words = _("A corrected edition of the report is ready; the former one stays beside it.")
    facts = [
        (_("Scope"), scope),
        (_("Data of"), moment(report.data_time) if report.data_time else ""),
        (_("Edition"), str(report.edition) if corrected else ""),
        (_("Corrected because"), report.reason),
    ]
    return Draft(
        subject=title,
        paragraphs=[words, *([_("The report is attached as a PDF file.")] if attached else [])],
        facts=[(name, value) for name, value in facts if value],
        action=(_("Open the report"), _report_link(report)),
        after=[_("You get every such report because you asked for it; its page ends that.")],
    )


OF_PERIODS = {NoticeKind.PERIOD_REPORT: period_report}


def _report_link(report: PeriodReport) -> str:
    return link("supervisor.show_report", report_id=report.id)


def _about_case(said: Callable[[HistoryEntry], Said], report: Report, entry: HistoryEntry) -> Draft:
    subject, words = said(entry)
    facts = [
        (_("Report code"), report.code),
        (_("Category"), category_name(report.category)),
        (_("Ward or commune"), area_name(report.area)),
        (_("Answer due by"), moment(report.due) if report.due else ""),
    ]
    return Draft(
        subject=_("[Code %(code)s] %(words)s", code=report.code, words=subject),
        paragraphs=[words],
        facts=[(name, value) for name, value in facts if value],
        action=(_("Open the case"), _case_link(report)),
    )


def _about_account(subject: str, words: str) -> Draft:
    return Draft(
        subject=subject,
        paragraphs=[words],
        action=(_("Log in"), link("auth.login")),
        after=[_("If you did not ask for this, tell the administrator at once.")],
    )


def _list(cases: Sequence[Assignment], subject: str, words: str) -> Draft:
    left_out = len(cases) - LONGEST_LIST
    more = ngettext("… and %(num)s more.", "… and %(num)s more.", left_out)
    return Draft(
        subject=subject,
        paragraphs=[words],
        items=[(_line(case), _case_link(case.report)) for case in cases[:LONGEST_LIST]],
        action=(_("Open the queue"), link("queue.show")),
        after=[more] if left_out > 0 else [],
    )


def _line(case: Assignment) -> str:
    names = [category_name(case.report.category), area_name(case.report.area)]
    about = ", ".join(name for name in names if name)
    return _(
        "%(code)s: %(about)s, due by %(moment)s",
        code=case.report.code,
        about=about or _("no category yet"),
        moment=moment(case.due),
    )


def _case_link(report: Report) -> str:
    return link("cases.show", code=report.code)


LETTERS: dict[NoticeKind, Callable[[Report, HistoryEntry], Draft]] = {
    kind: partial(_about_case, said) for kind, said in _ABOUT_CASES.items()
}
