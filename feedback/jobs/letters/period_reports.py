"""The letter that brings the report of a period to those who asked for it."""

from flask import current_app
from sqlalchemy.orm import Session

from feedback.delivery.channels import Attachment
from feedback.jobs.letters import to_staff
from feedback.jobs.letters.draft import Draft
from feedback.operations.city import City
from feedback.operations.make_period_report import frozen_of
from feedback.storage.models import Notice
from feedback.storage.queries import period_reports
from feedback.wording.period_files import PDF, file_name, scope_of, title_of

LARGEST_ATTACHMENT = 2 * 1024 * 1024  # mail servers refuse what is much larger


def of_notice(
    session: Session, notice: Notice, language: str
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The letter of a notice, with the paper in the reader's language where it is small enough."""
    report = period_reports.one(session, int(notice.data["period_report_id"]))
    if report is None:
        raise RuntimeError(f"notice {notice.id} tells of nothing")
    frozen = frozen_of(report)
    attachments = []
    paper = period_reports.file_of(session, report.id, language, PDF)
    if paper is not None and paper.size <= LARGEST_ATTACHMENT:
        city: City = current_app.extensions["city"]
        with city.files.open(paper.file_key) as stream:
            attachments.append(Attachment(file_name(frozen, language, PDF), stream.read()))
    draft = to_staff.period_report(
        report, title_of(frozen), scope_of(frozen), attached=bool(attachments)
    )
    return draft, tuple(attachments)
