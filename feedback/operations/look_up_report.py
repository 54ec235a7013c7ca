"""Somebody who lost the secret link finds their report by its code and the contact they gave."""

from dataclasses import dataclass

from feedback.domain.codes import parse_code
from feedback.domain.errors import Invalid, NotFound
from feedback.operations.city import City
from feedback.operations.reporters import contact_matches
from feedback.operations.transaction import reading
from feedback.storage.queries import reports


@dataclass(frozen=True, slots=True)
class Link:
    """The two parts of a secret link."""

    code: str
    token: str


def look_up_report(code: str, contact: str, *, city: City) -> Link:
    """The secret link of the report with this code, in any spelling, and this e-mail or telephone.

    Raises Invalid naming `code` and `contact` where one is empty, NotFound with one and the same
    answer for a code that does not exist and for a contact that is another's.
    """
    missing = {}
    if not code.strip():
        missing["code"] = "report_code_missing"
    if not contact.strip():
        missing["contact"] = "contact_missing"
    if missing:
        raise Invalid(missing)
    with reading() as session:
        report = reports.by_code(session, parse_code(code) or "")
        if not contact_matches(report, contact, city=city) or report is None:
            raise NotFound("no_report_of_yours")
        return Link(report.code, report.token)
