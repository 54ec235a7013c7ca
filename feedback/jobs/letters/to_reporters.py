"""What reporters and followers are told. No name of the staff stands in these letters."""

from collections.abc import Callable
from datetime import date

from feedback.domain.histories import HistoryKind
from feedback.domain.notices import NoticeKind
from feedback.domain.states import Outcome
from feedback.jobs.letters.draft import Draft
from feedback.jobs.letters.wording import (
    area_name,
    category_name,
    day,
    link,
    moment,
    outcome_word,
    promise,
    secret_link,
    unit_name,
)
from feedback.operations.followers import CONFIRM_WITHIN
from feedback.storage.models import Follower, HistoryEntry, Report
from feedback.wording import _, ngettext

Fact = tuple[str, str]


def received(report: Report, _entry: HistoryEntry) -> Draft:
    """The receipt: code, secret link, and by when."""
    words = _("Thank you. We have received your report.")
    if report.rounds:
        words += " " + _("It was sent to %(unit)s at once.", unit=unit_name(report.unit))
    else:
        words += " " + _(
            "The operations centre will look at it and send it to the unit that can help."
        )
    return Draft(
        subject=_subject(report, _("We have received your report")),
        paragraphs=[words],
        facts=[*_about(report), *_deadline(report)],
        action=(_("Follow your report"), secret_link(report)),
        after=[
            *_promised(report),
            _("The link is yours alone: whoever has it can act for you on this report."),
        ],
    )


def dispatched(report: Report, entry: HistoryEntry) -> Draft:
    """Who handles the report now, and by when."""
    unit = unit_name(entry.unit)
    return Draft(
        subject=_subject(report, _("Your report was sent to the unit that handles it")),
        paragraphs=[_("Your report was sent to %(unit)s, which will handle it.", unit=unit)],
        facts=[*_about(report), (_("Handled by"), unit), *_deadline(report)],
        action=(_("Follow your report"), secret_link(report)),
        after=_promised(report),
    )


def question(report: Report, entry: HistoryEntry) -> Draft:
    """What the unit needs to know."""
    unit = unit_name(entry.unit)
    return Draft(
        subject=_subject(report, _("A question about your report")),
        paragraphs=[
            _("%(unit)s needs to know more before it can go on with your report.", unit=unit)
        ],
        facts=_about(report),
        quoted=(_("The question"), entry.note),
        action=(_("Answer the question"), secret_link(report)),
    )


def closed(report: Report, entry: HistoryEntry) -> Draft:
    """The result, and the way to say what one thinks of it."""
    outcome = Outcome(entry.data["outcome"])
    lead = next((a for a in report.assignments if a.id == report.lead_assignment_id), None)
    return Draft(
        subject=_subject(report, _("Your report has a result")),
        paragraphs=[_("%(unit)s has answered your report.", unit=unit_name(report.unit))],
        facts=[*_about(report), *_result(outcome, entry)],
        quoted=(_("The answer"), lead.answer_text) if lead and lead.answer_text else None,
        action=(_("Say how satisfied you are"), secret_link(report, "citizen.rate")),
        others=[(_("See the result and its photos"), secret_link(report))],
        after=[_("If the matter is not settled, you can have it reopened there.")],
    )


def promise_kept(report: Report, entry: HistoryEntry) -> Draft:
    """What the answer promised is done; also for those whose report repeats this one."""
    return Draft(
        subject=_subject(report, _("What was promised is done")),
        paragraphs=[
            _(
                "%(unit)s had promised to settle the matter you reported, and says that it is"
                " done.",
                unit=unit_name(entry.unit),
            )
        ],
        facts=_about(report),
        quoted=(_("What the unit says"), entry.note),
        action=(_("See it with its photos"), secret_link(report)),
    )


def apology(report: Report, entry: HistoryEntry) -> Draft:
    """The result comes late: why, and by when it will come; the letter itself is on the page."""
    new_date = entry.data.get("new_date")
    facts = [(_("New date"), day(date.fromisoformat(new_date)))] if new_date else []
    return Draft(
        subject=_subject(report, _("We apologise: your result comes late")),
        paragraphs=[
            _(
                "%(unit)s could not settle the matter you reported by the promised time, and"
                " apologises for it.",
                unit=unit_name(entry.unit),
            )
        ],
        facts=[*_about(report), *facts],
        quoted=(_("The reason"), entry.note),
        action=(_("See the signed letter"), secret_link(report)),
    )


def reopened(report: Report, _entry: HistoryEntry) -> Draft:
    """The report is worked on again."""
    return Draft(
        subject=_subject(report, _("Your report was reopened")),
        paragraphs=[_("%(unit)s works on your report again.", unit=unit_name(report.unit))],
        facts=[*_about(report), *_deadline(report)],
        action=(_("Follow your report"), secret_link(report)),
    )


def rejected(report: Report, entry: HistoryEntry) -> Draft:
    """Why this channel cannot take the report, and which door is the right one."""
    return Draft(
        subject=_subject(report, _("Your report could not be accepted")),
        paragraphs=[_("The operations centre could not accept your report in this channel.")],
        facts=_about(report),
        quoted=(_("What the operations centre says"), entry.note),
        action=(_("See your report"), secret_link(report)),
    )


def duplicate(report: Report, _entry: HistoryEntry) -> Draft:
    """Somebody has reported the same before: that report is the one to follow."""
    return Draft(
        subject=_subject(report, _("Somebody has reported the same before")),
        paragraphs=[
            _(
                "The matter you reported is being handled under an earlier report. You will be told"
                " when that one has a result; there is nothing you need to do."
            )
        ],
        facts=_about(report),
        action=(_("Follow the matter"), secret_link(report)),
    )


def of_its_own(report: Report, _entry: HistoryEntry) -> Draft:
    """The report repeats no other one any more: it is handled by itself."""
    return Draft(
        subject=_subject(report, _("Your report is handled by itself again")),
        paragraphs=[
            _(
                "Your report is no longer part of the earlier report that it was added to. The"
                " operations centre looks at it again; there is nothing you need to do."
            )
        ],
        facts=_about(report),
        action=(_("Follow your report"), secret_link(report)),
    )


def extended(report: Report, _entry: HistoryEntry) -> Draft:
    """More time is needed."""
    return Draft(
        subject=_subject(report, _("Your report needs more time")),
        paragraphs=[
            _(
                "%(unit)s needs more time for your report, and the operations centre has agreed.",
                unit=unit_name(report.unit),
            )
        ],
        facts=[*_about(report), *_deadline(report)],
        action=(_("Follow your report"), secret_link(report)),
    )


def followed_closed(report: Report, entry: HistoryEntry) -> Draft:
    """The matter somebody waits for has a result: theirs is the report that repeats it."""
    outcome = Outcome(entry.data["outcome"])
    return Draft(
        subject=_subject(report, _("The matter you reported has a result")),
        paragraphs=[_("The report that yours was added to has been answered.")],
        facts=[*_about(report), *_result(outcome, entry)],
        action=(_("See the result"), secret_link(report)),
    )


def news(report: Report, entry: HistoryEntry, follower: Follower) -> Draft:
    """A report that somebody else sent, and this reader follows, has a result or kept its word."""
    kept = entry.kind is HistoryKind.PROMISE_KEPT
    result = [] if kept else _result(Outcome(entry.data["outcome"]), entry)
    return Draft(
        subject=_subject(
            report,
            _("What was promised is done") if kept else _("A report you follow has a result"),
        ),
        paragraphs=[
            _("The work promised for the report you follow is done.")
            if kept
            else _("The report you asked for news of has been answered.")
        ],
        facts=[*_about(report), *result],
        action=(_("See the result"), link("public.show_report", code=report.code)),
        leave=(
            _("Get no more news of this report"),
            link("public.stop_by_letter", letter_token=follower.token),
        ),
    )


def confirm_following(report: Report, follower: Follower) -> Draft:
    """Somebody left the reader's address for news: only its owner can say that they are wanted."""
    return Draft(
        subject=_subject(report, _("Do you want news of this report?")),
        paragraphs=[
            _(
                "Somebody, you we hope, left this address to be told when a report has a result."
                " Please confirm it; until then we send nothing more."
            )
        ],
        facts=_about(report),
        action=(
            _("Yes, send me news"),
            link("public.confirm_by_letter", letter_token=follower.token),
        ),
        after=[
            ngettext(
                "If you do nothing, we forget this address after %(num)s day.",
                "If you do nothing, we forget this address after %(num)s days.",
                CONFIRM_WITHIN.days,
            )
        ],
        leave=(
            _("It was not me: forget this address now"),
            link("public.stop_by_letter", letter_token=follower.token),
        ),
    )


LETTERS: dict[NoticeKind, Callable[[Report, HistoryEntry], Draft]] = {
    NoticeKind.RECEIVED: received,
    NoticeKind.DISPATCHED: dispatched,
    NoticeKind.QUESTION: question,
    NoticeKind.CLOSED: closed,
    NoticeKind.PROMISE_KEPT: promise_kept,
    NoticeKind.LETTER: apology,
    NoticeKind.REOPENED: reopened,
    NoticeKind.REJECTED: rejected,
    NoticeKind.DUPLICATE: duplicate,
    NoticeKind.OF_ITS_OWN: of_its_own,
    NoticeKind.EXTENDED: extended,
    NoticeKind.FOLLOWED_CLOSED: followed_closed,
}


def _subject(report: Report, words: str) -> str:
    return _("[Code %(code)s] %(words)s", code=report.code, words=words)


def _about(report: Report) -> list[Fact]:
    """What a reporter knows the report by; not its text, which may say more than a mailbox should
    keep."""
    facts = [
        (_("Report code"), report.code),
        (_("Category"), category_name(report.category)),
        (_("Ward or commune"), area_name(report.area)),
    ]
    return [(name, value) for name, value in facts if value]


def _deadline(report: Report) -> list[Fact]:
    return [(_("Answer due by"), moment(report.due))] if report.due else []


def _promised(report: Report) -> list[str]:
    return [promise(report.rounds[-1])] if report.rounds else []


def _result(outcome: Outcome, entry: HistoryEntry) -> list[Fact]:
    facts = [(_("Result"), outcome_word(outcome).capitalize())]
    promised = entry.data.get("promised_on")
    if promised:
        facts.append((_("To be done by"), day(date.fromisoformat(promised))))
    return facts
