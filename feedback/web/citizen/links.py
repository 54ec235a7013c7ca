"""The report behind a secret link."""

from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.extensions import db
from feedback.storage.models import Report
from feedback.storage.queries import report_pages, reports


def report_behind(code: str, token: str) -> Report:
    """The report a secret link opens, with what its page shows.

    Raises NotFound for a wrong code and a wrong token alike.
    """
    session = db.session()
    known = reports.by_secret_link(session, parse_code(code) or "", token)
    report = report_pages.with_all(session, known.id) if known is not None else None
    if report is None:
        raise NotFound
    return report
