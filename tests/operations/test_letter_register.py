"""The register of letters beside a slow count of every round."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from feedback.domain.letters import (
    LetterFigure,
    LetterState,
    RoundFacts,
    counted_as,
)
from feedback.domain.states import ReportState
from feedback.operations.draft_letters import draft_letters
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Letter, Round
from feedback.storage.queries import letters as queries
from feedback.storage.queries.letters import Span
from tests.factories import (
    MONDAY,
    create_case,
    create_unit,
    the_city,
)
from tests.factories.letters import (
    create_letter_template,
)
from tests.operations.lives import Town

DUE = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)  # 7 working days after MONDAY, 17:00
LATE = DUE + timedelta(hours=20)


@pytest.fixture
def late_town(town: Town) -> Town:
    create_letter_template()
    return town


def test_the_register_equals_a_slow_count_of_every_round(late_town: Town) -> None:
    chance = random.Random(7)  # noqa: S311 (repeatable)
    other = create_unit("Điện lực")
    now = LATE + timedelta(days=6)
    for _number in range(24):
        create_case(
            chance.choice((late_town.unit, other)),
            category=late_town.category,
            now=MONDAY + timedelta(hours=chance.randrange(0, 90)),
        )
    with transaction(the_city()) as session:
        rounds = session.query(Round).order_by(Round.id).all()
        for late in rounds:
            near = late.due + timedelta(hours=chance.randrange(-3, 4))
            what = chance.randrange(5)
            late.closed_at = near if what == 0 else None
            late.waiting_since = near if what == 1 else None
            if what == 2:
                late.report.state = ReportState.WITHDRAWN
    draft_letters(city=the_city(), now=now)
    with transaction(the_city()) as session:
        for letter in session.query(Letter).all():
            if chance.random() < 0.6 and letter.state is LetterState.DRAFTED:
                letter.state = LetterState.ISSUED
                letter.signed_at = letter.due + timedelta(hours=chance.randrange(-5, 5))
                letter.number = chance.randrange(1, 4)
    span = Span(DUE - timedelta(days=1), DUE + timedelta(days=2), now)

    with reading() as session:
        fast = queries.register(session, span)
        slow: dict[int, dict[LetterFigure, int]] = {}
        lists: dict[tuple[int | None, LetterFigure], set[int]] = {}
        for late in session.query(Round).all():
            signed = [
                one
                for one in session.query(Letter).filter_by(round_id=late.id, due=late.due)
                if one.signed_at is not None
            ]
            letter = signed[0] if signed else None
            facts = RoundFacts(
                late.due,
                late.closed_at,
                late.waiting_since,
                late.report.state,
                letter.signed_at if letter else None,
                letter.number if letter else None,
            )
            if not span.start <= late.due < span.end:
                continue
            for figure in counted_as(facts, now):
                counts = slow.setdefault(late.unit_id, dict.fromkeys(LetterFigure, 0))
                counts[figure] += 1
                for unit_id in (None, late.unit_id):
                    lists.setdefault((unit_id, figure), set()).add(late.id)
        assert fast == slow
        assert min(sum(counts[f] for counts in slow.values()) for f in LetterFigure) > 0
        for (unit_id, figure), ids in lists.items():
            found = queries.counted(session, span, figure, unit_id=unit_id, after_id=0, limit=100)
            assert {late.id for late, _letter in found} == ids
