"""What a unit undertakes, on paper: the words that were signed, and a sheet for every state."""

import unicodedata
from datetime import timedelta

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.events import PRINT_COMMITMENT
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import Clock, Role
from feedback.domain.targets import TargetKind
from feedback.operations.print_commitment import print_commitment
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.set_target import TargetDraft, set_target
from feedback.operations.sign_target import sign_target
from feedback.operations.transaction import reading
from feedback.storage.models import CommitmentSheet, OutboxRow, Target
from feedback.storage.queries import targets
from feedback.wording.commitments import commitment_words
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_answered_case,
    create_case,
    create_category,
    the_city,
)
from tests.operations.lives import Town
from tests.printing.papers import pages_of, squeezed

FEBRUARY, MARCH = "2026-02", "2026-03"
LATER = MONDAY + timedelta(days=2)
HALF_AS_MANY = -5_000


@pytest.fixture
def supervisor(town: Town) -> Actor:
    """Somebody who proposes, in a town whose unit answered 3 of 4 urgent cases in time in
    February, and both of March's."""
    urgent = create_category(clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=240)
    month_ago = MONDAY - timedelta(days=20)
    for now in (month_ago, month_ago, month_ago, MONDAY, MONDAY):
        create_answered_case(town.unit, category=urgent, handler=town.handler, now=now)
    create_case(town.unit, category=urgent, now=month_ago)
    refresh_statistics(city=the_city(), now=LATER)
    return actor_of(create_account(Role.SUPERVISOR, name="Hoàng Thị Giám Sát"))


def propose(town: Town, supervisor: Actor, **changes: object) -> int:
    told = {
        "unit_id": town.unit.id,
        "measure": ShareMeasure.ON_TIME_ORIGINAL,
        "period": MARCH,
        "kind": TargetKind.RELATIVE,
        "value": HALF_AS_MANY,
        "base_period": FEBRUARY,
    }
    version = changes.pop("version", None)
    draft = TargetDraft(**(told | changes))  # type: ignore[arg-type]
    how = {"actor": supervisor, "city": the_city(), "now": MONDAY + timedelta(hours=2)}
    return set_target(draft, version=version, **how)  # type: ignore[arg-type]


def sign(target_id: int, town: Town) -> None:
    sign_target(target_id, version=1, actor=actor_of(town.head), city=the_city(), now=LATER)


def print_sheets(town: Town) -> list[CommitmentSheet]:
    """Every sheet of March, the newest first, once the job has run."""
    print_commitment(town.unit.id, MARCH, commitment_words, city=the_city(), now=LATER)
    with reading() as session:
        return list(targets.sheets_of_unit(session, town.unit.id))


def said_in(key: str) -> str:
    with the_city().files.open(key) as file:
        pages = pages_of(file.read())
    return squeezed(unicodedata.normalize("NFC", "".join(pages)))


def test_a_signed_sheet_says_what_was_undertaken_by_whom_and_where_the_unit_stood(
    town: Town, supervisor: Actor
) -> None:
    sign(propose(town, supervisor), town)
    (sheet,) = print_sheets(town)
    vietnamese, english = said_in(sheet.vi_key), said_in(sheet.en_key)
    for text in (
        *("Bản cam kết chỉ tiêu".upper(), "Độc lập – Tự do – Hạnh phúc", "Tháng 3/2026"),
        *(town.unit.name, "từ ngày 01/03/2026 đến ngày 31/03/2026"),
        *("75,00 % (3/4)", "ít nhất 87,50 %", "100,00 % (2/2)"),
        "Hoàng Thị Giám Sát, 11:00 ngày 02/03/2026",
        f"{town.head.name}, 09:00 ngày 04/03/2026",
        *("Ký điện tử lúc 09:00 ngày 04/03/2026", "Trang 1/1"),
    ):
        assert squeezed(text) in vietnamese, text
    for text in (
        *("Commitment to targets".upper(), "Answered by the first deadline"),
        "50% less of what went wrong in Month 2/2026",
        *("75.00% (3/4)", "at least 87.50%", "100.00% (2/2)"),
        *("Signed electronically at 09:00 on 04/03/2026", "Page 1/1"),
    ):
        assert squeezed(text) in english, text


def test_a_sheet_that_waits_for_the_head_says_so(town: Town, supervisor: Actor) -> None:
    sign(propose(town, supervisor), town)
    propose(town, supervisor, measure=ShareMeasure.REOPENED, kind=TargetKind.ABSOLUTE, value=250)
    (sheet,) = print_sheets(town)
    english = said_in(sheet.en_key)
    assert squeezed("1 target is only proposed.") in english
    assert squeezed("at most 2.50%") in english
    assert squeezed("not signed yet") in english
    assert squeezed("Signed electronically") not in english


def test_each_change_promises_a_sheet_and_what_was_signed_before_stays(
    town: Town, supervisor: Actor
) -> None:
    target_id = propose(town, supervisor)
    sign(target_id, town)
    (signed,) = print_sheets(town)
    assert print_sheets(town)[0].id == signed.id  # the same again changes nothing
    propose(town, supervisor, value=-2_500, version=2)
    newest, kept = print_sheets(town)
    assert kept.id == signed.id
    assert squeezed("ít nhất 81,25 %") in said_in(newest.vi_key)
    assert squeezed("ít nhất 87,50 %") in said_in(kept.vi_key)
    with reading() as session:
        promised = session.query(OutboxRow).filter_by(subscription=PRINT_COMMITMENT.name).all()
        target = session.get_one(Target, target_id)
    assert [row.payload for row in promised] == [{"unit_id": town.unit.id, "period": MARCH}] * 3
    assert (target.signed_part, target.base_part, target.base_whole) == (None, 3, 4)


def test_nothing_starts_from_a_period_that_has_no_figure_or_is_not_over(
    town: Town, supervisor: Actor
) -> None:
    for changes in ({"base_period": "2026-01"}, {"base_period": MARCH, "period": "2026-04"}):
        with pytest.raises(Invalid) as refused:
            propose(town, supervisor, **changes)
        assert list(refused.value.fields) == ["base_period"]
