"""Letters of apology, for whoever has the secret link of the report."""

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.letters import LetterState
from feedback.extensions import db
from feedback.storage.models import Letter, Report
from feedback.storage.queries import letters
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.links import report_behind
from feedback.web.documents import send_pdf


@pages.get("/r/<code>/<token>/letters/<int:letter_id>")
def letter(code: str, token: str, letter_id: int) -> ResponseReturnValue:
    """An issued letter of the reporter's own report, as PDF."""
    report = report_behind(code, token)
    found = next((one for one in issued(report) if one.id == letter_id), None)
    if found is None:
        raise NotFound
    return send_pdf(found.file_key, f"{report.code}-{found.number}.pdf")


def papers_of(report: Report, code: str, token: str) -> dict[int, str]:
    """The addresses of a report's issued letters by their ids."""
    return {
        one.id: url_for("citizen.letter", code=code, token=token, letter_id=one.id)
        for one in issued(report)
    }


def issued(report: Report) -> list[Letter]:
    """The letters of a report that have their PDF."""
    found = letters.of_report(db.session(), report.id) if report.rounds else []
    return [one for one in found if one.state is LetterState.ISSUED and one.file_key]
