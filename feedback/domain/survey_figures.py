"""What the answers of a survey honestly say.

A five-point item: index = (4 + 5) / valid answers, with its Wilson 95 % interval; the middle of the
scale is not satisfied. "No opinion" and blanks stay out of the base and are counted. Each channel
stands apart; a pooled figure stands only beside its mix of channels. Answers to surveys are never
merged with ratings of cases or counters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from feedback.domain.intervals import Interval, wilson
from feedback.domain.post_stratification import Stratum, Weighted, post_stratify
from feedback.domain.shares import Ratio, percents
from feedback.domain.surveys import LEVELS, NO_OPINION, SATISFIED, SurveyChannel
from feedback.domain.windows import Sample, sample_of


@dataclass(frozen=True, slots=True)
class Responses:
    """So many questionnaires of one channel, unit and group, doubted or not.

    `stratum` is the option chosen at the item the survey is weighted by; None where there is no
    such item, or it was left blank.
    """

    channel: SurveyChannel
    unit_id: int | None
    flagged: bool
    stratum: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Answers:
    """So many equal answers to one item, of questionnaires that are equal in all of `within`.

    `value` is the level or "no opinion" of a five-point item, else None; `option_id` the choice.
    """

    item_id: int
    value: int | None
    option_id: int | None
    within: Responses

    @property
    def count(self) -> int:
        """How many."""
        return self.within.count


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which questionnaires a figure is of; None is all of them."""

    channel: SurveyChannel | None = None
    unit_id: int | None = None
    flagged_too: bool = True

    def holds(self, one: Responses) -> bool:
        """Whether a questionnaire counts."""
        return (
            (self.channel is None or one.channel is self.channel)
            and (self.unit_id is None or one.unit_id == self.unit_id)
            and (self.flagged_too or not one.flagged)
        )


@dataclass(frozen=True, slots=True)
class FivePoint:
    """What a five-point item says. `shares` are percent by level that add up to 100.

    Index, interval and shares are None below 5 valid answers; `weighted` also where no totals of
    the population are known or a group is too small, `unplaced` the valid answers it leaves out
    because their group is not known.
    """

    responses: int
    valid: int
    no_opinion: int
    blank: int
    sample: Sample
    counts: Mapping[int, int] | None
    shares: Mapping[int, Decimal] | None
    index: Ratio | None
    interval: Interval | None
    weighted: Weighted[int] | None
    unplaced: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a single choice says: the share of each option; None below 5 answers."""

    valid: int
    blank: int
    sample: Sample
    counts: Mapping[int, int] | None
    shares: Mapping[int, Decimal] | None


def responses_of(responses: Iterable[Responses], chosen: Chosen) -> int:
    """How many questionnaires count."""
    return sum(one.count for one in responses if chosen.holds(one))


def mix_of(responses: Sequence[Responses], chosen: Chosen) -> dict[SurveyChannel, int]:
    """The questionnaires that count by channel, which stands beside every pooled figure."""
    counted = {
        channel: sum(one.count for one in responses if chosen.holds(one) and one.channel is channel)
        for channel in SurveyChannel
    }
    return {channel: count for channel, count in counted.items() if count}


def five_point(
    item_id: int,
    responses: Iterable[Responses],
    answers: Iterable[Answers],
    chosen: Chosen,
    totals: Mapping[int, int] | None = None,
) -> FivePoint:
    """The figures of one five-point item; `totals` is the population by group, when known."""
    total = responses_of(responses, chosen)
    given = [one for one in answers if one.item_id == item_id and chosen.holds(one.within)]
    by_level = {level: sum(a.count for a in given if a.value == level) for level in LEVELS}
    valid = sum(by_level.values())
    no_opinion = sum(one.count for one in given if one.value == NO_OPINION)
    sample = sample_of(valid)
    said = sample not in {Sample.NONE, Sample.HIDDEN}
    satisfied = sum(by_level[level] for level in SATISFIED)
    shares = percents(list(by_level.values())) if said else None
    weighted = _weighted(given, totals) if said and totals else None
    return FivePoint(
        responses=total,
        valid=valid,
        no_opinion=no_opinion,
        blank=total - valid - no_opinion,
        sample=sample,
        counts=by_level if said else None,
        shares=dict(zip(LEVELS, shares, strict=True)) if shares else None,
        index=Ratio(satisfied, valid) if said else None,
        interval=wilson(satisfied, valid) if said else None,
        weighted=weighted,
        unplaced=_unplaced(given, totals) if totals else 0,
    )


def choice(
    item_id: int,
    option_ids: Sequence[int],
    responses: Iterable[Responses],
    answers: Iterable[Answers],
    chosen: Chosen,
) -> Choice:
    """The figures of one single choice, in the order of its options."""
    given = [one for one in answers if one.item_id == item_id and chosen.holds(one.within)]
    counts = {
        option_id: sum(one.count for one in given if one.option_id == option_id)
        for option_id in option_ids
    }
    valid = sum(counts.values())
    sample = sample_of(valid)
    said = sample not in {Sample.NONE, Sample.HIDDEN}
    shares = percents(list(counts.values())) if said else None
    return Choice(
        valid=valid,
        blank=responses_of(responses, chosen) - valid,
        sample=sample,
        counts=counts if said else None,
        shares=dict(zip(option_ids, shares, strict=True)) if shares else None,
    )


def _weighted(given: Sequence[Answers], totals: Mapping[int, int]) -> Weighted[int] | None:
    return post_stratify(
        {
            group: Stratum(
                people,
                valid=_count(given, group, frozenset(LEVELS)),
                satisfied=_count(given, group, SATISFIED),
            )
            for group, people in totals.items()
        }
    )


def _count(given: Sequence[Answers], group: int, levels: frozenset[int]) -> int:
    return sum(one.count for one in given if one.within.stratum == group and one.value in levels)


def _unplaced(given: Sequence[Answers], totals: Mapping[int, int]) -> int:
    placed = {group for group, people in totals.items() if people}
    return sum(
        one.count for one in given if one.value in LEVELS and one.within.stratum not in placed
    )
