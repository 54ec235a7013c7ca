"""Outbox rows as tests make and read them."""

from datetime import datetime

from feedback.domain.events import Event
from feedback.operations.outbox import promise
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import OutboxRow
from tests.factories import MONDAY, the_city


def create_work(
    event: Event = Event.PHOTO_UPLOADED, times: int = 1, now: datetime = MONDAY
) -> list[int]:
    """Promised work; gives the ids of its rows."""
    before = {row.id for row in work()}
    with transaction(the_city()) as session:
        for number in range(times):
            promise(session, event, now, photo_id=number)
    return [row.id for row in work() if row.id not in before]


def work(*row_ids: int) -> list[OutboxRow]:
    """These rows as they are stored, or all of them, by id."""
    with reading() as session:
        rows = session.query(OutboxRow).order_by(OutboxRow.id).all()
        session.expunge_all()
    return [row for row in rows if not row_ids or row.id in row_ids]
