"""Reports kept for as long as they may be lose what is personal in them, day by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM
from feedback.domain.events import Event
from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import FINISHED_REPORT_STATES
from feedback.operations.anonymise import REQUEST, RETENTION, anonymise
from feedback.operations.city import City
from feedback.operations.followers import CONFIRM_WITHIN, forget_address, forget_person
from feedback.operations.forget_answers import forget_answers
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.privacy_record import note_deed
from feedback.operations.reopen_report import REOPENING_PERIOD
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import followers, privacy, retention

REPORTS_A_RUN = 1_000
BATCH = 50


def apply_retention(*, city: City, now: datetime, claim: Claim | None = None) -> int:
    """Anonymise what is due, in small commits; returns how many reports.

    Followers' addresses go as well: those of what is anonymised and over, and those that nobody
    confirmed; so does what is personal in answers to surveys. A run takes at most some thousand of
    each and promises the next one, so that nobody waits for long. What was done is added up in one
    line of the privacy record a day, by category. Two runs at once do no harm. Raises
    WorkAlreadyDone when the claim is not held any more at the end.
    """
    shortest = REOPENING_PERIOD.days  # a report can be reopened until then
    with reading() as session:
        wanted = retention.asked_for(session, REPORTS_A_RUN)
        due = [
            *wanted,
            *retention.kept_long_enough(
                session, city.retention_days, shortest, now, REPORTS_A_RUN - len(wanted)
            ),
        ]
    done = 0
    for start in range(0, len(due), BATCH):
        done += _anonymise_batch(due[start : start + BATCH], city, now)
    forgotten = _forget_followers(city, now)
    forget_answers(city=city, now=now)
    with transaction(city) as session:
        if REPORTS_A_RUN in (len(due), *forgotten):
            promise(session, Event.RETENTION_ENDED, now)
        complete(session, claim, now)
    return done


def _forget_followers(city: City, now: datetime) -> tuple[int, int]:
    """Forget who followed what is over, and addresses never confirmed; gives how many of each."""
    with transaction(city) as session:
        over = followers.without_news_to_come(session, REPORTS_A_RUN)
        for follower in over:
            forget_person(follower)
        unconfirmed = followers.never_confirmed(session, now - CONFIRM_WITHIN, REPORTS_A_RUN)
        for follower in unconfirmed:
            forget_address(follower)
        return len(over), len(unconfirmed)


def _anonymise_batch(due: Sequence[retention.Due], city: City, now: datetime) -> int:
    counts: Counter[str] = Counter()
    with transaction(city) as session:
        for report_id, category_id in sorted(set(due), key=lambda one: one[0]):
            life = Life.open(session, city, report_id, SYSTEM, now)
            report = life.report
            if report.anonymised_at is not None or report.state not in FINISHED_REPORT_STATES:
                continue  # another run was faster, or it was reopened
            anonymise(life, why=REQUEST if report.erasure_wanted_at else RETENTION)
            life.settle()
            counts[str(category_id or 0)] += 1
        if counts:
            _add_up(session, counts, city, now)
    return counts.total()


def _add_up(session: Session, counts: Counter[str], city: City, now: datetime) -> None:
    """Add counts to today's line of the record, or begin it."""
    midnight = datetime.combine(now.astimezone(city.zone).date(), time.min, city.zone)
    line = privacy.line_of_the_day(session, PrivacyDeed.ANONYMISED, midnight)
    if line is None:
        note_deed(session, PrivacyDeed.ANONYMISED, now, data={"categories": dict(counts)})
        return
    line.data = {"categories": dict(Counter(line.data["categories"]) + counts)}
