"""Notices written into the store, with the promise to send each."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.events import Event
from feedback.domain.notices import NoticeKind, NoticeState
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.operations.recipients import Person
from feedback.storage.models import Notice
from feedback.storage.queries import notices


@dataclass(frozen=True, slots=True)
class Wanted:
    """One notice to be written. `occasion` names what it tells of, the same each time it is asked
    for: an entry, or a day."""

    kind: NoticeKind
    person: Person
    occasion: str
    entry_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def write_notices(session: Session, wanted: Iterable[Wanted], city: City, now: datetime) -> None:
    """Write each notice for every channel that reaches its person, unless it is there already."""
    rows = {
        _key(want, name): _row(want, name, now)
        for want in wanted
        for name, channel in city.channels.items()
        if channel.reach in want.person.reach
    }
    known = notices.known_keys(session, rows)
    fresh = [row for key, row in rows.items() if key not in known]
    for row in fresh:
        session.add(row)
    session.flush()
    for row in fresh:
        promise(session, Event.NOTICE_WRITTEN, now, notice_id=row.id)


def _key(want: Wanted, channel: str) -> str:
    person = want.person
    return f"{want.kind}/{want.occasion}/{person.recipient}-{person.id}/{channel}"


def _row(want: Wanted, channel: str, now: datetime) -> Notice:
    return Notice(
        key=_key(want, channel),
        mark=secrets.token_hex(8),
        kind=want.kind,
        channel=channel,
        recipient=want.person.recipient,
        recipient_id=want.person.id,
        report_id=want.person.report_id,
        entry_id=want.entry_id,
        data=dict(want.data),
        state=NoticeState.PENDING,
        created_at=now,
    )
