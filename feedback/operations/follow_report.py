"""Somebody says "I see this too" of a published report, and may have news of it by e-mail."""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.domain.contacts import spelt_email
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.notices import NoticeKind, Reach, Recipient
from feedback.domain.states import FINISHED_REPORT_STATES, Outcome, ReportState, Visibility
from feedback.domain.text import one_line
from feedback.operations.city import City
from feedback.operations.followers import is_address, new_token, write_address
from feedback.operations.recipients import Person
from feedback.operations.transaction import transaction
from feedback.operations.write_notices import Wanted, write_notices
from feedback.storage.models import Follower, Report
from feedback.storage.queries import followers


def follow_report(report_id: int, *, device: str, language: str, city: City, now: datetime) -> None:
    """Count a device once among those whom a report concerns; following twice changes nothing.

    A duplicate is followed at its root. `device` is the keyed hash of the device's token. Raises
    NotFound for a report the public does not see, Conflict for one that is over.
    """
    try:
        with transaction(city) as session:
            report = followable(session, report_id)
            if followers.of_device(session, report.id, device) is None:
                session.add(_follower(report, device, language, now))
    except IntegrityError:
        return  # the same device, pressed twice at once: it is counted


def ask_for_news(
    report_id: int,
    *,
    device: str,
    email: str,
    consent_version: str,
    language: str,
    city: City,
    now: datetime,
) -> None:
    """Write to an address whether its owner wants news of a report; an earlier one is replaced.

    Whoever did not follow yet does so by this. The same address is not written to again. Raises
    NotFound and Conflict as `follow_report`, Invalid naming `email` or `consent`.
    """
    problems = {}
    address = spelt_email(email)
    if address is None:
        problems["email"] = "not_an_email" if one_line(email) else "required"
    if not consent_version:
        problems["consent"] = "required"
    if problems or address is None:
        raise Invalid(problems)
    with transaction(city) as session:
        report = followable(session, report_id)
        follower = followers.of_device(session, report.id, device)
        if follower is None:
            follower = _follower(report, device, language, now)
            session.add(follower)
        elif is_address(follower, address, city=city):
            return
        # A letter to the address before must not confirm this one.
        follower.token = new_token()
        write_address(follower, address, city=city)
        follower.language = language
        follower.consent_version = consent_version
        follower.consented_at, follower.confirmed_at = now, None
        session.flush()
        reader = Person(Recipient.FOLLOWER, follower.id, report.id, frozenset({Reach.EMAIL}))
        wanted = Wanted(NoticeKind.CONFIRM_FOLLOWING, reader, f"asked-{secrets.token_hex(8)}")
        write_notices(session, [wanted], city, now)


def confirm_news(token: str, *, city: City, now: datetime) -> int:
    """Send news to an address from now on, by the secret of the letter that asked; gives the
    report's id. Confirming twice changes nothing. Raises NotFound.
    """
    with transaction(city) as session:
        follower = followers.by_token(session, token)
        if follower is None or follower.sealed is None:
            raise NotFound("no_such_following")
        follower.confirmed_at = follower.confirmed_at or now
        return follower.report_id


def stop_following(report_id: int, *, device: str, city: City) -> None:
    """Forget that a device follows a report; one that does not is no mistake."""
    with transaction(city) as session:
        follower = followers.of_device(session, report_id, device)
        while follower is not None:
            session.delete(follower)
            session.flush()
            follower = followers.of_device(session, report_id, device)


def stop_news(token: str, *, city: City) -> None:
    """End a following by the secret of the link in a letter. Raises NotFound."""
    with transaction(city) as session:
        follower = followers.by_token(session, token)
        if follower is None:
            raise NotFound("no_such_following")
        session.delete(follower)


def can_be_followed(report: Report) -> bool:
    """Whether there is still news to come: it is not over, or what was promised is awaited."""
    if report.visibility is not Visibility.PUBLIC:
        return False
    planned = report.state is ReportState.CLOSED and report.outcome is Outcome.PLANNED
    awaited = planned and report.rounds[-1].promise_kept_at is None
    return awaited or report.state not in FINISHED_REPORT_STATES


def followable(session: Session, report_id: int) -> Report:
    """The report that is followed when somebody follows this one: itself, or its root.

    Raises NotFound and Conflict as `follow_report`.
    """
    report = session.get(Report, report_id)
    if report is None or report.visibility is not Visibility.PUBLIC:
        raise NotFound("report_not_found")
    root = session.get(Report, report.root_id) if report.root_id else report
    if root is None or not can_be_followed(root):
        raise Conflict("report_is_over")
    return root


def _follower(report: Report, device: str, language: str, now: datetime) -> Follower:
    return Follower(
        report_id=report.id,
        device=device,
        token=new_token(),
        language=language,
        consent_version="",
        followed_at=now,
    )
