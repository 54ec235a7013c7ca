"""From a notice to its message: the right letter, in its reader's language."""

from urllib.parse import urlsplit

from flask_babel import force_locale
from sqlalchemy.orm import Session

from feedback.delivery.channels import Message
from feedback.domain.notices import OF_ACCOUNTS, OF_PERIODS, REMINDERS, NoticeKind, Recipient
from feedback.jobs.letters import period_reports, to_reporters, to_staff
from feedback.jobs.letters.draft import Draft, Frame, set_letter
from feedback.jobs.letters.wording import city_name, settings
from feedback.operations.remind_staff import CASES
from feedback.storage.models import Follower, Notice
from feedback.storage.queries import notices, report_pages
from feedback.wording import _

LANGUAGES = ("vi", "en")  # the first is the staff's
TO_CITIZENS = frozenset({Recipient.REPORTER, Recipient.FOLLOWER})
LETTERS = {**to_reporters.LETTERS, **to_staff.LETTERS}


def write_message(session: Session, notice: Notice, address: str) -> Message:
    """The message of a notice; the same notice gives the same id each time."""
    language = _language(session, notice)
    with force_locale(language):
        if notice.kind in OF_PERIODS:
            draft, attachments = period_reports.of_notice(session, notice, language)
        else:
            draft, attachments = _draft(session, notice), ()
        letter = set_letter(draft, _frame(language, notice.recipient))
        name = city_name()
        return Message(_message_id(notice), address, letter, name, attachments)


def _language(session: Session, notice: Notice) -> str:
    """The one its reader chose; the staff's where there was no choice."""
    wanted = ""
    if notice.recipient is Recipient.FOLLOWER:
        wanted = session.get_one(Follower, notice.recipient_id).language
    elif notice.recipient is Recipient.REPORTER and notice.report:
        wanted = notice.report.language
    elif notice.kind in OF_PERIODS:
        wanted = str(notice.data["language"])
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _draft(session: Session, notice: Notice) -> Draft:
    if notice.kind in REMINDERS:
        ids = [case_id for case_id, _due in notice.data[CASES]]
        cases = notices.cases_by_id(session, ids)
        return to_staff.LISTS[notice.kind]([cases[i] for i in ids if i in cases])
    if notice.kind in OF_ACCOUNTS:
        return to_staff.OF_ACCOUNTS[notice.kind]()
    report = report_pages.with_all(session, notice.report_id or 0)
    if report is not None and notice.kind is NoticeKind.CONFIRM_FOLLOWING:
        asked = session.get_one(Follower, notice.recipient_id)
        return to_reporters.confirm_following(report, asked)
    if report is None or notice.entry is None:
        raise RuntimeError(f"notice {notice.id} tells of nothing")
    if notice.recipient is Recipient.FOLLOWER:
        follower = session.get_one(Follower, notice.recipient_id)
        return to_reporters.news(report, notice.entry, follower)
    return LETTERS[notice.kind](report, notice.entry)


def _frame(language: str, recipient: Recipient) -> Frame:
    to_citizen = recipient in TO_CITIZENS
    if recipient is Recipient.FOLLOWER:
        why = _("You get this e-mail because you asked for news of a report.")
    elif to_citizen:
        why = _("You get this e-mail because you left this address with a report.")
    else:
        why = _("You get this e-mail for your work on reports.")
    return Frame(
        language=language,
        city=city_name(),
        colour=settings().brand_colour,
        greeting=_("Dear citizen,") if to_citizen else _("Dear colleague,"),
        closing=_("Kind regards,"),
        small_print=why + " " + _("Nobody reads answers to it."),
    )


def _message_id(notice: Notice) -> str:
    host = urlsplit(settings().public_url).hostname or "localhost"
    domain = host if "." in host and ":" not in host else f"{host.replace(':', '.')}.localdomain"
    return f"<notice-{notice.id}.{notice.mark}@{domain}>"
