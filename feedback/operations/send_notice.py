"""A notice goes out, at least once and always under the same id."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from feedback.delivery.channels import Message, Receipt, Refused, Unreachable
from feedback.domain.notices import GivenUp, NoticeState
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.recipients import addresses_of
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Notice
from feedback.storage.queries import notices

Writer = Callable[[Session, Notice, str], Message]
"""Writes the message of a notice to an address, in the reader's language."""

log = structlog.get_logger(__name__)


def send_notice(
    notice_id: int, *, write: Writer, city: City, now: datetime, claim: Claim | None = None
) -> None:
    """Write one notice's message and hand it to its channel; a refused one is given up visibly.

    Crashing between the two sends it once more under the same id. A notice that was settled before
    is left as it is. Raises Unreachable when it has to be tried again later, and WorkAlreadyDone
    when the claim is not held any more.
    """
    with reading() as session:
        notice = notices.with_report(session, notice_id)
        pending = notice is not None and notice.state is NoticeState.PENDING
        message = _message(session, notice, write, city) if notice and pending else None
        channel = city.channels.get(notice.channel) if notice else None
    problem, receipt = None, Receipt()
    if message is None:
        problem = GivenUp.NO_ADDRESS
    elif channel is None:
        raise Unreachable("this channel is not set up any more")
    else:
        try:
            receipt = channel.send(message)
        except Refused as refusal:
            problem, receipt = refusal.problem, Receipt(refusal.answer)
    with transaction(city) as session:
        complete(session, claim, now)
        notice = notices.for_change(session, notice_id)
        if notice is None or notice.state is not NoticeState.PENDING:
            return
        notice.state = NoticeState.GIVEN_UP if problem else NoticeState.SENT
        notice.problem, notice.answer, notice.settled_at = problem, receipt.answer, now
    if problem:
        log.warning("notice_given_up", notice=notice_id, why=problem.value)


def _message(session: Session, notice: Notice, write: Writer, city: City) -> Message | None:
    """What to send; None when the recipient is reached no more."""
    channel = city.channels.get(notice.channel)
    if channel is None:
        raise Unreachable("this channel is not set up any more")
    address = addresses_of(session, notice, city).get(channel.reach, "")
    return write(session, notice, address) if address else None
