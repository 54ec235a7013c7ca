"""Two hundred private values go through every form, and are looked for where they do not belong.

They are planted as people plant them, in forms of the pages, and carried through whole lives of
reports; forms are refused and parts of the product broken on the way. What is searched, and for
what, is written out at the end.
"""

import io
import logging
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback.domain.events import QUEUES
from feedback.jobs import running
from feedback.jobs.relay import Relay
from feedback.operations.transaction import reading
from feedback.storage.models import OutboxRow
from tests.canaries import desks, errors
from tests.canaries.flock import IDENTITY, Flock, Kind, Place, table
from tests.canaries.lives import Cast, Person
from tests.support.staff import new_client

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TURNS = 8
METRICS_TOKEN = "a-token-of-the-collector"
AT_REST = IDENTITY - {Kind.TOKEN}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "METRICS_TOKEN": METRICS_TOKEN, "MAIL_URL": "folder"}


def words_of(answer: TestResponse) -> str:
    """What an answer says; of a workbook or another archive, what each of its parts says."""
    if not answer.data.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


class Lines(logging.Handler):
    """Everything that is logged, formatted as it is written, with its traces."""

    def __init__(self, formatter: logging.Formatter | None) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged(app: Flask) -> Iterator[Lines]:
    """The log of this test, kept beside the usual one, from the lowest level on."""
    root = logging.getLogger()
    handler = Lines(next(h.formatter for h in root.handlers if h.formatter))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


class Search:
    """Everything that is searched: pages as they are answered, files and queues as they stand."""

    def __init__(self, app: Flask, redis_url: str) -> None:
        self.app, self.redis_url = app, redis_url
        self.relay = Relay(app, redis_url)
        self.public = Place("public pages")
        self.feeds = Place("feeds and files for machines")
        self.errors = Place("error pages")
        self.foreign = Place("pages of another citizen")
        self.staff = Place("pages of units", IDENTITY)
        self.desks = Place("pages of the other desks", IDENTITY)
        self.logs = Place("logs")
        self.queues = Place("Redis: queues, counters")
        self.outbox = Place("outbox: payloads, errors")
        self.mail_to_citizens = Place("mail to citizens")
        self.mail_to_staff = Place("mail to staff")
        self.metrics = Place("metrics and health")
        self.database = Place("database at rest", AT_REST)

    @property
    def places(self) -> list[Place]:
        """All of them."""
        return [value for value in vars(self).values() if isinstance(value, Place)]

    def work(self) -> None:
        """Hand the promised work out, look at what lies in Redis, then do the work."""
        for _ in range(TURNS):  # work that is done may promise more
            if not self.relay.turn(datetime.now(UTC) + timedelta(seconds=1)):
                break
            self._work_queues()
        with self.app.app_context(), reading() as session:
            for row in session.scalars(select(OutboxRow)):
                self.outbox.add(f"row {row.id}", f"{row.payload} {row.last_error}")

    def _work_queues(self) -> None:
        with Redis.from_url(self.redis_url) as redis:
            for key in redis.scan_iter("*"):
                self.queues.add(key.decode(errors="replace"), f"{key!r} {_content(redis, key)}")
            for name in QUEUES:
                queue = Queue(name, connection=redis, serializer=JSONSerializer)
                jobs = queue.jobs
                queue.empty()
                for job in jobs:
                    with self.app.app_context():
                        running.run(*job.args)

    def mails(self, flock: Flock, folder: Path) -> None:
        """Every letter that was sent: a citizen's may hold what is theirs, nobody else's."""
        owners = {one.value: one.owner for one in flock.all if one.kind is Kind.EMAIL}
        for path in folder.glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
            heads = [f"{name}: {value}" for name, value in mail.items()]
            owner = owners.get(mail["To"].addresses[0].addr_spec)
            place = self.mail_to_staff if owner is None else self.mail_to_citizens
            place.add(path.name, "\n".join([*heads, *parts]), owner or -1)

    def anonymous_pages(self, people: list[Person]) -> None:
        """Every page that needs nothing but its address, and every report's public page."""
        client = new_client(self.app)
        paths = [
            rule.rule
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        ]
        paths += [f"/reports/{person.code}" for person in people]
        for path in paths:
            answer = client.get(path)
            if path in {"/metrics", "/healthz"} or answer.status_code in {301, 302, 303}:
                continue
            html = answer.mimetype == "text/html"
            refused = answer.status_code >= 400
            place = self.errors if refused else self.public if html else self.feeds
            place.add(path, answer.text)
        bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        for path in ("/metrics", "/healthz"):
            self.metrics.add(path, client.get(path, headers=bearer).text)

    def pages_of_staff(self, cast: Cast, people: list[Person]) -> None:
        """What each role is shown: its own pages, and every case it may open."""
        for name, client in cast.staff.items():
            place = self.staff if name in {"handler", "head"} else self.desks
            for rule in self.app.url_map.iter_rules():
                private = "GET" in (rule.methods or ()) and not rule.arguments
                if private and rule.rule.startswith(
                    ("/staff", "/supervisor", "/admin", "/account")
                ):
                    answer = client.get(rule.rule, follow_redirects=True)
                    place.add(f"{name} {rule.rule}", words_of(answer))
            for person in people:
                place.add(f"{name} case", client.get(f"/staff/reports/{person.code}").text)

    def pages_of(self, person: Person) -> None:
        """What one citizen is shown; only what is others' must not stand there."""
        for page in ("", "/receipt", "/rating", "/reopen", "/withdraw"):
            self.foreign.add(page, person.client.get(person.link + page).text, person.number)

    def at_rest(self, database_url: str) -> None:
        """The bytes of the database, as a thief of its file would read them."""
        path = database_url.removeprefix("sqlite:///")
        for suffix in ("", "-wal"):
            with open(path + suffix, "rb") as file:  # noqa: PTH123
                self.database.add(f"file{suffix}", file.read().decode("latin-1"))


def _content(redis: "Redis[bytes]", key: bytes) -> str:
    kind = redis.type(key).decode()
    readers: dict[str, Any] = {
        "string": lambda: redis.get(key),
        "hash": lambda: redis.hgetall(key),
        "list": lambda: redis.lrange(key, 0, -1),
        "set": lambda: redis.smembers(key),
        "zset": lambda: redis.zrange(key, 0, -1, withscores=True),
    }
    return repr(readers[kind]())


def plant(cast: Cast, search: Search, monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """Every form of the product is filled in, and every life led to its end."""
    flock = cast.flock
    people = [cast.report(photo=number < 2) for number in range(12)]
    people += [cast.report(public=True) for _ in range(3)]
    search.work()
    for person in people[:6]:
        cast.close(person)
        cast.rate(person)
    for person in people[:3]:
        cast.reopen(person)
        cast.look(person)
    for person in people[6:9]:
        cast.withdraw(person)
    for pages in (
        errors.refused_forms(cast, flock),
        errors.strange_addresses(cast, flock, people[0]),
        errors.broken_submissions(cast, search.app, monkeypatch),
    ):
        for label, text in pages:
            search.errors.add(label, text)
    with monkeypatch.context() as patched:
        patched.setattr("feedback.operations.process_photo.render", errors.Broken, raising=False)
        people.append(cast.report(photo=True))
        search.work()
    administrator = cast.staff["administrator"]
    for _ in range(3):
        typed = flock.mint(Kind.TYPED)
        cast.send(administrator, "/admin/privacy/person", 200, contact=typed)
    export = {"contact": people[0].email, "reason": "Đơn xin cung cấp"}
    cast.send(administrator, "/admin/privacy/person/export", 200, **export)
    people += at_the_desks(cast, search, people)
    search.work()
    return people


def at_the_desks(cast: Cast, search: Search, people: list[Person]) -> list[Person]:
    """What goes over the other desks and side doors; gives the people who came by them."""
    asked, returned, called = cast.report(), cast.report(), desks.take_a_call(cast)
    desks.ask_and_answer(cast, asked)
    desks.write_notes(cast, asked)
    cast.case_step("handler", returned, "take")
    desks.ask_the_centre(cast, returned)
    for label, text in desks.look_up(cast, people[0]):
        search.errors.add(label, text)
    public = people[12]
    follower = desks.follow(cast, public)
    desks.rate_a_counter(cast)
    desks.correct_a_report(cast, search.work)
    cast.case_step("handler", public, "take")
    fixed = {"outcome": "fixed", "text": "Đã thay bóng.", "text_checked": "1"}
    cast.case_step("handler", public, "answer", **fixed)
    follower.code = public.code
    return [asked, returned, called, follower]


def test_no_canary_sings_where_it_does_not_belong(
    *,
    app: Flask,
    redis_url: str,
    database_url: str,
    logged: Lines,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    flock = Flock()
    cast, search = Cast(app, flock), Search(app, redis_url)
    people = plant(cast, search, monkeypatch)
    search.anonymous_pages(people)
    search.pages_of_staff(cast, people)
    for person in (people[0], people[-4]):
        search.pages_of(person)
    search.at_rest(database_url)
    search.mails(flock, app.extensions["settings"].data_dir / "mail")
    written = capfd.readouterr()
    search.logs.add("standard error", written.err)
    search.logs.add("standard output", written.out)
    search.logs.add("every level", "\n".join(logged.lines))

    summary = table(search.places, flock)
    sys.stdout.write(f"\n{len(flock.all)} canaries\n{summary}\n")
    assert len(flock.all) >= 200
    assert {canary.kind for canary in flock.all} == set(Kind)
    empty = [
        place.name for place in search.places if not any(text for _, text, _ in place.documents)
    ]
    assert empty == []
    assert "request_failed" in search.logs.documents[-1][1]  # the errors were really provoked
    assert [line for place in search.places for line in place.found(flock.all)] == []


def test_the_search_finds_what_does_leak(app: Flask, redis_url: str) -> None:
    cast, search = Cast(app, Flock()), Search(app, redis_url)
    person = cast.report()
    shown = cast.look(person)
    leak = Place("the one page that shows who it is")
    leak.add("identity", shown.text)
    kinds = {
        canary.kind
        for canary in cast.flock.all
        if any(canary.value in line for line in leak.found([canary]))
    }
    assert {Kind.NAME, Kind.EMAIL, Kind.PHONE} <= kinds
    search.logs.add("a line", f"sent to {person.email} and +84{person.phone[1:]}")
    assert len(search.logs.found(cast.flock.all)) == 2
