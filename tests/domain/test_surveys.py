"""What surveys say: series, figures, weights, against slow computations written another way."""

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.domain.intervals import wilson, wilson_of_share
from feedback.domain.post_stratification import Stratum, post_stratify
from feedback.domain.survey_figures import Answers, Chosen, Responses, choice, five_point, mix_of
from feedback.domain.surveys import (
    Asked,
    ItemKind,
    Question,
    SurveyChannel,
    SurveyStage,
    channel_of,
    series_of,
    stage_of,
)
from feedback.domain.windows import Sample

FIVE, CHOICE = ItemKind.FIVE_POINT, ItemKind.SINGLE_CHOICE
WAITING = Question(FIVE, "Thời gian chờ", "Waiting time")
REWORDED = Question(FIVE, "Thời gian chờ đợi", "Waiting time")
AS_CHOICE = Question(CHOICE, "Thời gian chờ", "Waiting time", (("Lâu", "Long"), ("Ngắn", "Short")))
QR, PHONE = SurveyChannel.QR, SurveyChannel.PHONE


@pytest.mark.parametrize(
    ("now", "before", "same_meaning", "series"),
    [
        (WAITING, None, False, "waiting"),
        (WAITING, Asked(WAITING, "waiting"), False, "waiting"),
        (REWORDED, Asked(WAITING, "waiting"), False, "waiting.2"),
        (REWORDED, Asked(WAITING, "waiting"), True, "waiting"),
        (AS_CHOICE, Asked(WAITING, "waiting"), True, "waiting.2"),
        (WAITING, Asked(REWORDED, "waiting.2"), False, "waiting.3"),
        (REWORDED, Asked(REWORDED, "waiting.2"), False, "waiting.2"),
    ],
)
def test_a_changed_item_starts_a_new_series(
    now: Question, before: Asked | None, same_meaning: bool, series: str
) -> None:
    assert series_of("waiting", now, before, same_meaning=same_meaning) == series


@pytest.mark.parametrize(
    ("today", "closed", "stage"),
    [
        (date(2026, 2, 28), False, SurveyStage.COMING),
        (date(2026, 3, 1), False, SurveyStage.RUNNING),
        (date(2026, 3, 31), False, SurveyStage.RUNNING),
        (date(2026, 4, 1), False, SurveyStage.OVER),
        (date(2026, 3, 1), True, SurveyStage.OVER),
    ],
)
def test_a_survey_takes_answers_on_its_days(today: date, closed: bool, stage: SurveyStage) -> None:
    assert stage_of(date(2026, 3, 1), date(2026, 3, 31), today, closed=closed) is stage


def test_a_typed_address_counts_with_the_code_it_stands_below() -> None:
    web, in_person = SurveyChannel.WEB, SurveyChannel.IN_PERSON
    assert channel_of([web, QR], by_qr=True) is QR
    assert channel_of([web, QR], by_qr=False) is web
    assert channel_of([QR, PHONE], by_qr=False) is QR
    assert channel_of([PHONE, in_person], by_qr=True) is None


def answered(*levels: int, channel: SurveyChannel = QR) -> list[Answers]:
    """One answer to item 1 for each level."""
    within = Responses(channel, None, False, None, 1)
    return [Answers(1, level, None, within) for level in levels]


def test_the_middle_is_not_satisfied_and_no_opinion_is_no_answer() -> None:
    answers = answered(*[5] * 3, *[4] * 2, *[3] * 4, 1, *[0] * 2)
    found = five_point(1, [Responses(QR, None, False, None, 15)], answers, Chosen())
    assert (found.valid, found.no_opinion, found.blank) == (10, 2, 3)
    assert found.index is not None
    assert (found.index.numerator, found.index.denominator) == (5, 10)
    assert found.interval == wilson(5, 10)
    assert found.sample is Sample.FEW
    assert found.weighted is None  # nobody entered how many people there are


def test_four_answers_say_nothing_but_their_number() -> None:
    found = five_point(1, [Responses(QR, None, False, None, 4)], answered(5, 5, 1, 1), Chosen())
    assert (found.valid, found.sample) == (4, Sample.HIDDEN)
    assert (found.index, found.interval, found.counts, found.shares) == (None,) * 4


def test_channels_stand_apart_and_their_mix_beside_the_pooled_figure() -> None:
    responses = [Responses(QR, None, False, None, 6), Responses(PHONE, None, False, None, 5)]
    answers = [*answered(*[5] * 6), *answered(*[2] * 5, channel=PHONE)]
    found = {
        channel: five_point(1, responses, answers, Chosen(channel)).index for channel in (QR, PHONE)
    }
    assert {channel: one and one.share for channel, one in found.items()} == {QR: 1, PHONE: 0}
    assert mix_of(responses, Chosen()) == {QR: 6, PHONE: 5}


def test_weights_give_each_group_its_share_of_the_people() -> None:
    # By hand: 60 % of the people are old and 20 % of those satisfied, 40 % young and 80 %.
    found = post_stratify({1: Stratum(6_000, 10, 2), 2: Stratum(4_000, 40, 32)})
    assert found is not None
    assert found.share == Fraction(6, 10) * Fraction(2, 10) + Fraction(4, 10) * Fraction(8, 10)
    assert found.weights == {1: 3, 2: Fraction(1, 2)}
    assert found.effective == Fraction(2_500, 10 * 9 + 40 * Fraction(1, 4))
    assert found.interval == wilson_of_share(0.44, 25.0)


@pytest.mark.parametrize(
    "strata",
    [{}, {1: Stratum(10, 4, 4), 2: Stratum(10, 50, 3)}, {1: Stratum(0, 9, 3)}],
)
def test_nothing_is_weighted_by_a_handful(strata: dict[int, Stratum]) -> None:
    assert post_stratify(strata) is None


def slowly(rows: list[tuple[object, ...]], totals: dict[int, int]) -> dict[str, object]:
    """The figures of single questionnaires, one by one, in floating point."""
    valid = [row for row in rows if row[4] in (1, 2, 3, 4, 5)]
    index = sum(row[4] in (4, 5) for row in valid) / len(valid) if len(valid) >= 5 else None
    groups = {group: [row for row in valid if row[3] == group] for group in totals}
    weighted = effective = None
    if index is not None and all(len(group) >= 5 for group in groups.values()):
        people, placed = sum(totals.values()), [row for row in valid if row[3] in totals]
        weights = [
            (totals[row[3]] / people) / (len(groups[row[3]]) / len(placed))  # type: ignore[index]
            for row in placed
        ]
        told = [weight for weight, row in zip(weights, placed, strict=True) if row[4] in (4, 5)]
        weighted = sum(told) / sum(weights)
        effective = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    return {
        "valid": len(valid),
        "no_opinion": sum(row[4] == 0 for row in rows),
        "blank": sum(row[4] is None for row in rows),
        "index": index,
        "weighted": weighted,
        "effective": effective,
    }


@settings(max_examples=60, deadline=None)
@given(st.randoms(), st.integers(0, 160), st.sampled_from([None, QR, PHONE]))
def test_figures_equal_a_count_of_single_questionnaires(
    random: Random, size: int, channel: SurveyChannel | None
) -> None:
    rows: list[tuple[object, ...]] = [
        (
            random.choice(list(SurveyChannel)),
            random.choice([None, 7, 8]),
            random.random() < 0.2,
            random.choice([None, 21, 22]),
            random.choice([None, 0, 1, 2, 3, 4, 5]),
        )
        for _ in range(size)
    ]
    totals = {21: random.randint(1, 999), 22: random.randint(1, 999)}
    responses = [
        Responses(*cell, count)  # type: ignore[arg-type]
        for cell, count in Counter(row[:4] for row in rows).items()
    ]
    answers = [
        Answers(1, cell[4], None, Responses(*cell[:4], count))  # type: ignore[arg-type]
        for cell, count in Counter(rows).items()
        if cell[4] is not None
    ]
    for flagged_too in (True, False):
        chosen = Chosen(channel, flagged_too=flagged_too)
        found = five_point(1, responses, answers, chosen, totals)
        expected = slowly(
            [row for row in rows if channel in (None, row[0]) and (flagged_too or not row[2])],
            totals,
        )
        assert (found.valid, found.no_opinion, found.blank) == (
            expected["valid"],
            expected["no_opinion"],
            expected["blank"],
        )
        assert (found.index and float(found.index.share or 0)) == pytest.approx(expected["index"])
        share, effective = expected["weighted"], expected["effective"]
        assert (float(found.weighted.share) if found.weighted else None) == pytest.approx(share)
        if found.weighted:
            assert float(found.weighted.effective) == pytest.approx(effective)
            assert (
                found.weighted.interval.low < found.weighted.share < found.weighted.interval.high
                or (found.weighted.share in (0, 1))
            )
        if found.shares:
            assert sum(found.shares.values()) == 100


def test_a_choice_is_shared_among_those_who_chose() -> None:
    within = Responses(QR, None, False, None, 1)
    answers = [Answers(2, None, option, within) for option in [1] * 6 + [2] * 2]
    found = choice(2, [1, 2, 3], [Responses(QR, None, False, None, 11)], answers, Chosen())
    assert (found.valid, found.blank) == (8, 3)
    assert found.counts == {1: 6, 2: 2, 3: 0}
    assert found.shares is not None
    assert [str(share) for share in found.shares.values()] == ["75.00", "25.00", "0.00"]
