"""A file sent on the page is looked at, then taken over once, whatever dies on the way."""

import gzip
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.events import Event
from feedback.domain.report_imports import ImportStage
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations import import_reports, imported_files, run_import
from feedback.operations.check_import import check_import
from feedback.operations.imported_rows import Store
from feedback.operations.outbox import WorkAlreadyDone
from feedback.operations.remove_left_uploads import remove_left_uploads
from feedback.operations.remove_unused_files import remove_unused_files
from feedback.operations.run_import import discard_import, start_import
from feedback.operations.send_import import send_import
from feedback.operations.transaction import reading
from feedback.storage.backups.files import named_files
from feedback.storage.files.keys import IMPORTS, import_key
from feedback.storage.models import OutboxRow, ReferenceChange, Report, ServiceLevel
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_service_level,
    create_working_week,
    the_city,
)
from tests.factories.report_imports import (
    BAD,
    BROKEN_FURTHER_DOWN,
    CONTENT,
    GOOD,
    HEADING,
    MOST,
    create_import,
    import_as_it_is,
    mapping_for,
)

pytestmark = pytest.mark.usefixtures("app_context")
AT_ONCE, SHORT_PARTS, LONG = 20, 40, 90


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file need not be large to be taken over in several batches and parts."""
    monkeypatch.setattr(import_reports, "AT_ONCE", AT_ONCE)


@pytest.fixture
def level() -> ServiceLevel:
    create_working_week()
    return create_service_level()


@pytest.fixture
def administrator() -> Actor:
    return actor_of(create_account(Role.ADMINISTRATOR))


def many_rows(count: int = LONG) -> bytes:
    """Good rows, but some say nothing of their close, and some come twice."""
    rows = [HEADING]
    for number in range(count):
        key = number - 1 if number % 30 == 29 else number
        done = "" if number % 10 == 5 else "2026-02-03T09:00:00"
        rows.append(f"{key},2026-02-02T08:00:00,{done},,Rác thải,HEPCO,Closed")
    return "\n".join(rows).encode()


def start(import_id: int, by: Actor) -> None:
    start_import(import_id, actor=by, city=the_city(), now=MONDAY)


def run(import_id: int, *, at_most: int = SHORT_PARTS) -> None:
    """Work every part of an import, as its jobs would."""
    while import_as_it_is(import_id).stage is ImportStage.RUNNING:
        run_import.run_import(import_id, city=the_city(), now=MONDAY, at_most=at_most)


def discard(import_id: int, by: Actor) -> None:
    discard_import(import_id, actor=by, city=the_city(), now=MONDAY)


def reports() -> Counter[str | None]:
    """How often each of the file's ids is a report here."""
    with reading() as session:
        return Counter(session.scalars(select(Report.key_at_source)))


def promised(event: Event) -> list[dict[str, Any]]:
    with reading() as session:
        return [
            dict(row.payload)
            for row in session.scalars(select(OutboxRow).where(OutboxRow.event == event))
        ]


def files() -> set[str]:
    return set(the_city().files.keys(IMPORTS))


def clear_away() -> None:
    """Do what was promised about files nobody needs, when none of them is young any more."""
    for payload in promised(Event.FILES_LEFT):
        later = MONDAY.replace(year=MONDAY.year + 50)
        remove_unused_files(payload["keys"], city=the_city(), now=later)


def send(content: bytes, mapping: str, by: Actor) -> int:
    return send_import(
        io.BytesIO(content), len(content), "old.csv",
        mapping=mapping, most=MOST, actor=by, city=the_city(), now=MONDAY,
    )  # fmt: skip


def test_a_file_is_looked_at_before_anything_of_it_is_stored(level: ServiceLevel) -> None:
    import_id = create_import(level.code)
    told = import_as_it_is(import_id)
    assert told.stage is ImportStage.CHECKED
    assert (told.row_count, told.stored, told.known, told.refused) == (2, 1, 0, 1)
    assert told.created["units"] == {"count": 1, "names": ["HEPCO"]}
    (group,) = told.problems
    assert (group["column"], group["reason"], group["count"], group["line"]) == (
        *("done", "closed_before_received"),
        *(1, 3),
    )
    assert reports() == {}
    assert told.file_key.startswith(IMPORTS)
    assert files() == {told.file_key, told.refused_key}


def test_a_started_import_stores_its_reports_and_its_file_goes(
    level: ServiceLevel, administrator: Actor
) -> None:
    packed = gzip.compress(CONTENT)
    import_id = create_import(level.code, content=packed, by=administrator)
    start(import_id, administrator)
    run(import_id)
    done = import_as_it_is(import_id)
    assert done.stage is ImportStage.DONE
    assert (done.stored, done.known, done.refused) == (1, 0, 1)
    assert reports() == {"1": 1}
    assert promised(Event.FIGURES_CHANGED)
    clear_away()
    assert files() == {done.refused_key}
    with reading() as session:
        (change,) = session.scalars(select(ReferenceChange))
        assert (change.account_id, change.after["rows_new"]) == (administrator.account_id, 1)
    again = import_as_it_is(create_import(level.code, by=administrator))
    assert (again.stored, again.known, again.refused) == (0, 1, 1)
    with pytest.raises(Conflict, match="nothing_to_import"):
        start(again.id, administrator)


def test_a_worker_that_dies_costs_nothing_and_doubles_nothing(
    level: ServiceLevel, administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = create_import(level.code, content=many_rows(), by=administrator)
    told = import_as_it_is(import_id)
    start(import_id, administrator)
    write, batches = Store.write, iter(range(100))

    def dying(store: Store, found: Any) -> None:
        write(store, found)
        if next(batches) % 2:
            raise MemoryError("killed")

    monkeypatch.setattr(Store, "write", dying)
    deaths = 0
    while import_as_it_is(import_id).stage is ImportStage.RUNNING:
        try:
            run_import.run_import(import_id, city=the_city(), now=MONDAY, at_most=SHORT_PARTS)
        except MemoryError:
            deaths += 1
    done = import_as_it_is(import_id)
    assert deaths > 1
    assert done.stage is ImportStage.DONE
    assert (done.rows_done, done.stored, done.known, done.refused, done.problems) == (
        *(LONG, told.stored, 0, told.refused, told.problems),
    )
    assert set(reports().values()) == {1}
    assert sum(reports().values()) == told.stored == LONG - LONG // 10 - LONG // 30


def test_a_job_that_was_taken_up_by_another_stores_nothing_more(
    level: ServiceLevel, administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = create_import(level.code, content=many_rows(), by=administrator)
    start(import_id, administrator)
    slow = run_import.at_work(import_id, ImportStage.RUNNING)
    run_import.run_import(import_id, city=the_city(), now=MONDAY, at_most=SHORT_PARTS)
    before = reports()
    monkeypatch.setattr(run_import, "at_work", lambda *_: slow)
    with pytest.raises(WorkAlreadyDone):
        run_import.run_import(import_id, city=the_city(), now=MONDAY, at_most=SHORT_PARTS)
    assert reports() == before


def test_a_part_promises_the_next_and_gives_others_their_turn(
    level: ServiceLevel, administrator: Actor
) -> None:
    import_id = create_import(level.code, content=many_rows(), by=administrator)
    start(import_id, administrator)
    run(import_id)
    goes_on = {"import_id": import_id}
    assert promised(Event.IMPORT_GOES_ON) == [goes_on] * 3
    assert len(promised(Event.FIGURES_CHANGED)) == 1


def test_an_import_given_up_in_the_midst_keeps_what_it_stored(
    level: ServiceLevel, administrator: Actor
) -> None:
    import_id = create_import(level.code, content=many_rows(), by=administrator)
    start(import_id, administrator)
    run_import.run_import(import_id, city=the_city(), now=MONDAY, at_most=SHORT_PARTS)
    discard(import_id, administrator)
    run_import.run_import(import_id, city=the_city(), now=MONDAY)
    stopped = import_as_it_is(import_id)
    assert stopped.stage is ImportStage.DISCARDED
    assert sum(reports().values()) == stopped.stored < LONG
    assert promised(Event.FIGURES_CHANGED)


def test_an_import_that_nobody_wants_leaves_no_file_and_is_decided_once(
    level: ServiceLevel, administrator: Actor
) -> None:
    import_id = create_import(level.code, content=CONTENT.splitlines()[0] + b"\n" + GOOD.encode())
    discard(import_id, administrator)
    clear_away()
    assert (files(), reports()) == (set(), {})
    for step in (start, discard):
        with pytest.raises(Conflict, match="import_decided"):
            step(import_id, administrator)
    check_import(import_id, city=the_city(), now=MONDAY)
    assert import_as_it_is(import_id).stage is ImportStage.DISCARDED


def test_one_import_at_a_time_is_unfinished(level: ServiceLevel, administrator: Actor) -> None:
    first = create_import(level.code, by=administrator)
    with pytest.raises(Conflict, match="import_unfinished"):
        create_import(level.code, by=administrator)
    discard(first, administrator)
    assert create_import(level.code, by=administrator) != first


def test_only_an_administrator_imports(level: ServiceLevel, administrator: Actor) -> None:
    other = actor_of(create_account(Role.SUPERVISOR))
    with pytest.raises(NotAllowed):
        create_import(level.code, by=other)
    import_id = create_import(level.code, by=administrator)
    for step in (start, discard):
        with pytest.raises(NotAllowed):
            step(import_id, other)


Spoilt = Callable[[str], str]


@pytest.mark.parametrize(
    ("content", "spoil", "said"),
    [
        (b"", str, {"file": "no_file"}),
        (b"x" * (MOST + 1), str, {"file": "import_file_too_large"}),
        (HEADING.encode(), str, {"file": "no_rows"}),
        (b"id\xff\n1", str, {"file": "not_a_csv"}),
        (b"\x1f\x8b broken", str, {"file": "not_a_csv"}),
        (b"a,b\n1,2", str, {"mapping": "columns_missing"}),
        (CONTENT, lambda _: "", {"mapping": "required"}),
        (CONTENT, lambda words: words + "[", {"mapping": "not_toml"}),
        (CONTENT, lambda words: words * 1_000, {"mapping": "too_long"}),
        (CONTENT, lambda words: words.replace('"fixed"', '"gone"'), {"mapping": "mapping_wrong"}),
        (CONTENT, lambda words: words.replace("level = ", "level = 'x' #"), {
            "mapping": "mapping_wrong"
        }),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_at_once_and_nothing_is_kept(
    level: ServiceLevel, administrator: Actor, content: bytes, spoil: Spoilt, said: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        send(content, spoil(mapping_for(level.code)), administrator)
    assert refused.value.fields == said
    assert files() == set()


def test_a_file_that_goes_wrong_further_down_fails_with_the_reason(
    level: ServiceLevel, administrator: Actor
) -> None:
    import_id = create_import(level.code, content=BROKEN_FURTHER_DOWN, by=administrator)
    failed = import_as_it_is(import_id)
    assert (failed.stage, failed.problem) == (ImportStage.FAILED, "not_a_csv")
    clear_away()
    assert files() == set()
    assert create_import(level.code, by=administrator)


def test_a_file_that_is_lost_fails_the_import(level: ServiceLevel, administrator: Actor) -> None:
    import_id = create_import(level.code, by=administrator)
    start(import_id, administrator)
    the_city().files.delete(import_as_it_is(import_id).file_key)
    run(import_id)
    assert import_as_it_is(import_id).problem == "file_missing"


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    bomb = gzip.compress(b"\n" * 100_000)
    with (
        pytest.raises(Invalid) as refused,
        imported_files.rows_of(io.BytesIO(bomb), packed=True, most=10_000) as rows,
    ):
        list(rows)
    assert refused.value.fields == {"file": "unpacked_too_large"}


def test_a_line_without_an_end_is_not_read_as_a_whole() -> None:
    endless = b"a,b\n" + b"x" * (imported_files.LONGEST_LINE + 1)
    with (
        pytest.raises(Invalid, match="invalid") as refused,
        imported_files.rows_of(io.BytesIO(endless), packed=False) as rows,
    ):
        list(rows)
    assert refused.value.fields == {"file": "not_a_csv"}


def test_a_file_nobody_came_to_send_goes_and_one_that_waits_stays(level: ServiceLevel) -> None:
    import_id = create_import(level.code, content="\n".join([HEADING, BAD]).encode())
    waiting = import_as_it_is(import_id)
    the_city().files.put(import_key(packed=False), b"sent, and then the server died")
    remove_left_uploads(city=the_city(), now=MONDAY.replace(year=MONDAY.year + 50))
    assert files() == {waiting.file_key, waiting.refused_key}


def test_a_backup_holds_the_files_of_an_import_for_as_long_as_they_are_needed(
    level: ServiceLevel, administrator: Actor
) -> None:
    import_id = create_import(level.code, by=administrator)
    waiting = import_as_it_is(import_id)
    with db.engine.connect() as connection:
        assert set(named_files(connection)) == {waiting.file_key, waiting.refused_key}
    discard(import_id, administrator)
    with db.engine.connect() as connection:
        assert set(named_files(connection)) == {waiting.refused_key}


def test_a_check_that_is_done_twice_tells_the_same(level: ServiceLevel) -> None:
    import_id = create_import(level.code, checked=False)
    check_import(import_id, city=the_city(), now=MONDAY)
    first = import_as_it_is(import_id)
    check_import(import_id, city=the_city(), now=MONDAY)
    again = import_as_it_is(import_id)
    assert (first.stored, first.problems) == (again.stored, again.problems)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 0
