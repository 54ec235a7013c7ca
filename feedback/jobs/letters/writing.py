"""From a notice to its message: the right letter, in its reader's language."""

from urllib.parse import urlsplit

from flask_babel import force_locale
from sqlalchemy.orm import Session

from feedback.delivery.channels import Message
from feedback.domain.notices import REMINDERS, Recipient
from feedback.jobs.letters import to_reporters, to_staff
from feedback.jobs.letters.draft import Draft, Frame, set_letter
from feedback.jobs.letters.wording import _, city_name, settings
from feedback.operations.remind_staff import CASES
from feedback.storage.models import Notice
from feedback.storage.queries import notices, report_pages

LANGUAGES = ("vi", "en")  # the first is the staff's
LETTERS = {**to_reporters.LETTERS, **to_staff.LETTERS}


def write_message(session: Session, notice: Notice, address: str) -> Message:
    """The message of a notice; the same notice gives the same id each time."""
    to_citizen = notice.recipient is Recipient.REPORTER
    wanted = notice.report.language if to_citizen and notice.report else ""
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    with force_locale(language):
        letter = set_letter(_draft(session, notice), _frame(language, to_citizen=to_citizen))
        return Message(_message_id(notice), address, letter, sender_name=city_name())


def _draft(session: Session, notice: Notice) -> Draft:
    if notice.kind in REMINDERS:
        ids = [case_id for case_id, _due in notice.data[CASES]]
        cases = notices.cases_by_id(session, ids)
        return to_staff.LISTS[notice.kind]([cases[i] for i in ids if i in cases])
    report = report_pages.with_all(session, notice.report_id or 0)
    if report is None or notice.entry is None:
        raise RuntimeError(f"notice {notice.id} tells of nothing")
    return LETTERS[notice.kind](report, notice.entry)


def _frame(language: str, *, to_citizen: bool) -> Frame:
    if to_citizen:
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
