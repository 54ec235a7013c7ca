"""The post of a test's city: a channel in memory, and the work of the notices queue."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from flask import Flask

from feedback.delivery.channels import Channel, Message, Receipt
from feedback.domain.events import NOTICES_QUEUE
from feedback.domain.notices import NoticeKind, Reach
from feedback.jobs import running
from feedback.operations.city import City
from feedback.operations.claim_due import claim_due
from feedback.operations.transaction import reading
from feedback.storage.models import Notice


@dataclass
class Postbox:
    """A channel that keeps what it was given; `failure` is raised instead while it is set."""

    reach: Reach = Reach.EMAIL
    messages: list[Message] = field(default_factory=list)
    failure: Exception | None = None

    def send(self, message: Message) -> Receipt:
        """See Channel."""
        if self.failure:
            raise self.failure
        self.messages.append(message)
        return Receipt("kept")

    def to(self, address: str) -> list[Message]:
        """What somebody got."""
        return [message for message in self.messages if message.address == address]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """Who got what, in no order."""
        return sorted((m.address, m.letter.subject) for m in self.messages)


def reach_people_by(app: Flask, **channels: Channel) -> None:
    """Give the test's city these channels."""
    app.extensions["city"] = replace(app.extensions["city"], channels=channels)


def work_off(city: City) -> None:
    """Do all work of the notices queue that is due, and what comes of it."""
    while jobs := claim_due(NOTICES_QUEUE, city=city, now=datetime.now(UTC), limit=50):
        for job in jobs:
            running.run(job.subscription.name, [[*row] for row in job.attempts.items()])


def all_notices() -> Sequence[Notice]:
    """Every notice in the order they were written, detached."""
    with reading() as session:
        session.expire_all()
        found = session.query(Notice).order_by(Notice.id).all()
        session.expunge_all()
    return found


def told() -> list[NoticeKind]:
    """The kinds of all notices, in the order they were written."""
    return [notice.kind for notice in all_notices()]
