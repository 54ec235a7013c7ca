"""Who is behind an audience, and at which address somebody is reached.

Who can be reached is asked when notices are prepared; the address is read only when one is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback.domain.notices import Audience, NoticeKind, Reach, Recipient
from feedback.domain.states import Visibility
from feedback.operations.city import City
from feedback.operations.followers import address_of
from feedback.operations.reporters import contact_of
from feedback.storage.models import Account, HistoryEntry, Notice, Report, Reporter, Unit
from feedback.storage.queries import accounts, notices
from feedback.storage.queries import followers as queries

Addresses = Mapping[Reach, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be told: which row they are, and the report whose link they get.

    `reach` is what the city knows of them.
    """

    recipient: Recipient
    id: int
    report_id: int | None
    reach: frozenset[Reach]


def people_of(
    session: Session, audience: Audience, report: Report, entry: HistoryEntry
) -> Sequence[Person]:
    """Who is to be told of an entry; nobody of what they did themselves.

    A reporter has no account, and wants to have it in writing that a report came in or was taken
    up again.
    """
    if audience is Audience.REPORTER:
        return reporters([report])
    if audience is Audience.FOLLOWERS:
        return [*reporters(notices.duplicates_of(session, report.id)), *followers(session, report)]
    if audience is Audience.DISPATCHERS:
        return staff(notices.dispatchers(session), report.id, but=entry.account_id)
    if audience is Audience.NAMED:
        named = accounts.active(session, entry.data.get("account_id") or 0)
        return staff([named] if named else [], report.id, but=entry.account_id)
    if audience is Audience.HANDLER:
        handler = notices.handler_of(session, entry.assignment_id)
        if handler is not None:
            return staff([handler], report.id, but=entry.account_id)
    return unit_people(session, entry.unit_id, report.id, but=entry.account_id)


def reporters(reports: Iterable[Report]) -> list[Person]:
    """The reporters of these reports, each with their own report's link."""
    return [
        Person(Recipient.REPORTER, report.reporter.id, report.id, _reach(report.reporter))
        for report in reports
        if report.reporter is not None
    ]


def followers(session: Session, report: Report) -> list[Person]:
    """Who asked for news of a report, as long as the public may see it."""
    if report.visibility is not Visibility.PUBLIC:
        return []
    return [
        Person(Recipient.FOLLOWER, follower.id, report.id, frozenset({Reach.EMAIL}))
        for follower in queries.with_address(session, report.id)
    ]


def staff(
    people: Iterable[Account], report_id: int | None, *, but: int | None = None
) -> list[Person]:
    """These accounts, but for the one of an id."""
    return [
        Person(Recipient.ACCOUNT, account.id, report_id, _given({Reach.EMAIL: account.email or ""}))
        for account in people
        if account.id != but
    ]


def unit_people(
    session: Session, unit_id: int | None, report_id: int | None, *, but: int | None = None
) -> list[Person]:
    """Who stands for a unit: its heads, and its duty contact where there is one."""
    if unit_id is None:
        return []
    unit = session.get_one(Unit, unit_id)
    heads = staff(notices.heads_of(session, unit_id), report_id, but=but)
    return [*heads, Person(Recipient.UNIT, unit.id, report_id, _given(_of_unit(unit)))]


def addresses_of(session: Session, notice: Notice, city: City) -> Addresses:
    """Where the recipient of a notice is reached today; nothing for one who is gone."""
    if notice.recipient is Recipient.REPORTER:
        report = session.get(Report, notice.report_id) if notice.report_id else None
        reporter = report.reporter if report else None
        # SQLite may give the id of an erased row to somebody new.
        is_the_same = reporter is not None and reporter.id == notice.recipient_id
        return _of_reporter(reporter, city) if reporter and is_the_same else {}
    if notice.recipient is Recipient.UNIT:
        unit = session.get(Unit, notice.recipient_id)
        return _of_unit(unit) if unit else {}
    if notice.recipient is Recipient.FOLLOWER:
        # Asked of those who follow the report, since SQLite gives a row's id anew.
        confirmed = notice.kind is not NoticeKind.CONFIRM_FOLLOWING
        following = queries.with_address(session, notice.report_id or 0, confirmed=confirmed)
        follower = next((one for one in following if one.id == notice.recipient_id), None)
        return {Reach.EMAIL: address_of(follower, city=city)} if follower else {}
    account = accounts.active(session, notice.recipient_id)
    return {Reach.EMAIL: account.email or ""} if account else {}


def _of_reporter(reporter: Reporter, city: City) -> Addresses:
    contact = contact_of(reporter, city=city)
    return {Reach.EMAIL: contact.email, Reach.PHONE: contact.phone}


def _reach(reporter: Reporter) -> frozenset[Reach]:
    """What a reporter left, as far as it can be told without opening it."""
    return _given(
        {
            Reach.EMAIL: reporter.email_index or reporter.email,
            Reach.PHONE: reporter.phone_index or reporter.phone,
        }
    )


def _of_unit(unit: Unit) -> Addresses:
    return {Reach.EMAIL: unit.duty_email, Reach.PHONE: unit.duty_phone}


def _given(addresses: Addresses) -> frozenset[Reach]:
    return frozenset(reach for reach, address in addresses.items() if address)
