"""Fills an empty database with the demo city."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import delete, func, select, update

from feedback.delivery.garbage import rarely_collected
from feedback.demo.album import Album
from feedback.demo.counters import visits, write_counters
from feedback.demo.data_files import read
from feedback.demo.hands import Hands
from feedback.demo.letters import write_letter_template, write_letters
from feedback.demo.lives import followed, life_of, live
from feedback.demo.people import quiet
from feedback.demo.period_reports import write_period_report
from feedback.demo.reference import write_reference
from feedback.demo.side_by_side import side_by_side
from feedback.demo.staff import write_accounts
from feedback.demo.stories import DAYS, make_stories
from feedback.demo.surveys import write_surveys
from feedback.demo.targets import write_targets
from feedback.domain.actors import Actor
from feedback.domain.calendar import DayException, DayKind
from feedback.domain.errors import Conflict
from feedback.domain.states import ActorKind, Role
from feedback.extensions import Model, db
from feedback.operations.city import City
from feedback.operations.correct_calendar import Correction, correct_calendar
from feedback.operations.note_repeats import note_repeats
from feedback.operations.publish_ratings import publish_ratings
from feedback.operations.rebuild_statistics import rebuild_all
from feedback.operations.reference import working_calendar
from feedback.operations.refresh_wall import refresh_wall
from feedback.operations.save_reply_template import TemplateDraft, create_reply_template
from feedback.operations.transaction import reading, transaction
from feedback.storage.database import filling
from feedback.storage.models import (
    Account,
    Area,
    Category,
    OutboxRow,
    OutboxState,
    Photo,
    Rating,
    ReferenceVersion,
    Report,
    StatisticsDirty,
    Unit,
)
from feedback.storage.queries import repeats, versions

SEED = 2026
REPORTS = 3_000
MARK = "demo"  # a reference version: raised once at the start of a load and once at its end
BEGUN, COMPLETE = 1, 2


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has made, in numbers of rows."""

    reports: int
    ratings: int
    photos: int


def is_empty() -> bool:
    """Whether nobody has put anything into the database; a load that broke off does not count."""
    with reading() as session:
        if versions.current(session).get(MARK) == BEGUN:
            return True
        kinds = (Report, Area, Unit, Category, Account)
        return not any(session.scalar(select(func.count()).select_from(kind)) for kind in kinds)


def load_city(city: City, *, seed: int, reports: int, now: datetime, shares: int = 1) -> Loaded:
    """Fill the database: facts, accounts, and the lives of `reports` reports up to `now`.

    The same seed and moment make the same city, but for the codes and secret links of reports, in
    however many processes (`shares`) the lives are lived.
    Raises Conflict when somebody has used the database; a load that broke off is begun anew.
    """
    if not is_empty():
        raise Conflict("not_empty")
    city = quiet(city)
    db.session.remove()
    with filling(db.engine), rarely_collected():
        _begin(city)
        write_reference(city)
        write_accounts(city, seed=seed, now=now)
        year_ago = now - timedelta(days=DAYS)
        write_counters(city, administrator=_administrator(), now=year_ago)
        _write_templates(city, year_ago)
        write_surveys(seed, city, administrator=_administrator(), now=now)
        write_letter_template(city, administrator=_administrator(), now=year_ago)
        album = Album(seed)
        if shares > 1:
            album.draw_all()

        def live_share(share: int, shares: int) -> None:
            hands = Hands(city, album)
            stories = make_stories(seed, reports, now=now, zone=city.zone)
            mine = list(islice(stories, share, None, shares))
            visited = visits(seed, reports, city=hands.city, calendar=hands.calendar, now=now)
            lives = [
                *(life_of(story, hands) for story in mine),
                *(followed(story, hands) for story in mine),
                *islice(visited, share, None, shares),
            ]
            live(lives, now, city)

        side_by_side(live_share, shares)
        _correct_calendar(city, now)
        with reading() as session:
            placed = repeats.placed(session)
        note_repeats(placed, city=city, now=now)
        write_letters(city, now)
        rebuild_all(city, now)
        write_period_report(city, now)
        publish_ratings(city=city, now=now)
        write_targets(city, now)
        loaded = _end(city, now)
        refresh_wall(city=city, now=now)
        db.session.remove()
    return loaded


def _administrator() -> Actor:
    role = Role.ADMINISTRATOR
    with reading() as session:
        account = session.scalars(select(Account).where(Account.role == role)).first()
        if account is None:
            raise RuntimeError("the demo city has an administrator")
        return Actor(ActorKind.STAFF, account.id, role, None)


def _write_templates(city: City, now: datetime) -> None:
    for row in read("texts/common")["reply_templates"]:
        draft = TemplateDraft(row["name"], row["text"])
        create_reply_template(draft, actor=_administrator(), city=city, now=now)


def _correct_calendar(city: City, now: datetime) -> None:
    """Close the offices on a day to come, which moves the deadlines of open rounds."""
    with reading() as session:
        calendar = working_calendar(session, city)
    day = calendar.nth_working_day_after(calendar.local_day(now), 5)
    told = read("calendar")["correction"]
    closure = DayException(day, DayKind.CLOSURE, (), told["name"], told["source"])
    correct_calendar(
        Correction(days={day: closure}), seen={}, actor=_administrator(), city=city, now=now
    )


def _begin(city: City) -> None:
    """Remove what a load that broke off has left, and mark that one is under way."""
    with transaction(city) as session:
        if versions.current(session).get(MARK) != BEGUN:
            versions.raise_version(session, MARK)
            return
        for table in reversed(Model.metadata.sorted_tables):
            if table.name != ReferenceVersion.__tablename__:  # a version never means two things
                session.execute(delete(table))
        session.expire_all()


def _end(city: City, now: datetime) -> Loaded:
    """Mark the promised work as done, since it is, and the load as complete."""
    with transaction(city) as session:
        session.execute(delete(StatisticsDirty))
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == OutboxState.PENDING)
            .values(state=OutboxState.DONE, done_at=now)
        )
        versions.raise_version(session, MARK)
        return Loaded(
            *(
                session.scalars(select(func.count()).select_from(kind)).one()
                for kind in (Report, Rating, Photo)
            )
        )
