"""Results of surveys: each channel apart, weighted beside unweighted, the series over versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from feedback.domain.survey_figures import (
    Answers,
    Choice,
    Chosen,
    FivePoint,
    Responses,
    choice,
    five_point,
    mix_of,
    responses_of,
)
from feedback.domain.surveys import LEVELS, SELF_SELECTED, ItemKind, SurveyChannel
from feedback.domain.windows import HIDDEN_BELOW
from feedback.extensions import db
from feedback.storage.models import Survey
from feedback.storage.queries import instruments, surveys
from feedback.web.context import now
from feedback.web.csv_files import Row, csv_response
from feedback.web.presenting import unit_name
from feedback.web.supervisor.blueprint import pages
from feedback.web.survey_forms import ItemView, SectionView, sections_of, stage, version_of
from feedback.web.survey_quotas import group_choices, quota_lines
from feedback.web.survey_words import CHANNELS, LEVEL_WORDS, STAGES, survey_name
from feedback.wording import _

TEXTS = 500
ALL = "all"


@dataclass(frozen=True, slots=True)
class Results:
    """A survey with its counts, as they were read at one moment."""

    survey: Survey
    sections: list[SectionView]
    responses: Sequence[Responses]
    answers: Sequence[Answers]
    totals: dict[int, int]

    def five(self, item_id: int, chosen: Chosen) -> FivePoint:
        """The figures of a five-point item."""
        return five_point(item_id, self.responses, self.answers, chosen, self.totals)

    def fives(self, chosen: Chosen) -> list[FivePoint]:
        """The figures of all five-point items, in their order."""
        return [self.five(one.id, chosen) for one in self.five_point_items]

    def choice(self, item: ItemView, chosen: Chosen) -> Choice:
        """The figures of a single choice."""
        options = [option_id for option_id, _name in item.choices]
        return choice(item.id, options, self.responses, self.answers, chosen)

    @property
    def five_point_items(self) -> list[ItemView]:
        """The items that have an index."""
        return [one for section in self.sections for one in section.items if _is_five(one)]

    @property
    def channels(self) -> list[SurveyChannel]:
        """The channels that brought answers."""
        return list(mix_of(self.responses, Chosen()))


@pages.get("/surveys")
def list_surveys() -> str:
    """Every survey, the latest first."""
    session = db.session()
    listed = surveys.listed(session)
    totals = surveys.totals(session, [one.id for one in listed])
    return render_template(
        "supervisor/surveys.html",
        surveys=[{**_view(one), "answers": totals.get(one.id, 0)} for one in listed],
    )


@pages.get("/surveys/<int:survey_id>")
def show_survey(survey_id: int) -> str:
    """The results of one channel, or of all beside their mix, with or without what is flagged."""
    found = _results(survey_id)
    channel = _asked_channel(found)
    flagged_too = request.args.get("flagged") != "without"
    chosen = Chosen(channel, flagged_too=flagged_too)
    everything = Chosen(channel)
    flagged = responses_of(found.responses, everything) - responses_of(
        found.responses, Chosen(channel, flagged_too=False)
    )
    items = found.five_point_items
    return render_template(
        "supervisor/survey.html",
        survey=_view(found.survey),
        sections=found.sections,
        figures={one.id: found.five(one.id, chosen) for one in items},
        choices={
            one.id: found.choice(one, chosen)
            for section in found.sections
            for one in section.items
            if one.kind == ItemKind.SINGLE_CHOICE
        },
        responses=responses_of(found.responses, chosen),
        flagged=flagged,
        flagged_too=flagged_too,
        channel=channel.value if channel else ALL,
        channel_links=_channel_links(found, flagged_too=flagged_too),
        self_selected=channel in SELF_SELECTED
        or (channel is None and any(one in SELF_SELECTED for one in found.channels)),
        mix=[(str(CHANNELS[one]), n) for one, n in mix_of(found.responses, chosen).items()],
        items=items,
        units=[
            (unit_name(unit), found.fives(Chosen(channel, unit.id, flagged_too)))
            for unit in found.survey.units
        ],
        weighting=_weighting(found.survey),
        quotas=quota_lines(found.survey),
        levels=[(level, str(LEVEL_WORDS[level])) for level in reversed(LEVELS)],
        data_time=now(),
        hidden_below=HIDDEN_BELOW,
    )


@pages.get("/surveys/<int:survey_id>.csv")
def download_survey(survey_id: int) -> Response:
    """The five-point items of a survey as a file: by channel and unit, with and without flagged."""
    found = _results(survey_id)
    return csv_response(f"survey-{found.survey.code}.csv", list(_rows(found)))


@pages.get("/surveys/<int:survey_id>/texts/<int:item_id>")
def list_texts(survey_id: int, item_id: int) -> str:
    """What people wrote to an open item; nothing tells when or who."""
    found = _results(survey_id)
    item = next(
        (one for section in found.sections for one in section.items if one.id == item_id), None
    )
    if item is None or item.kind != ItemKind.OPEN_TEXT:
        raise NotFound
    enough = responses_of(found.responses, Chosen()) >= HIDDEN_BELOW
    texts = surveys.texts(db.session(), survey_id, item_id, TEXTS + 1) if enough else []
    return render_template(
        "supervisor/survey_texts.html",
        survey=_view(found.survey),
        item=item,
        texts=texts[:TEXTS],
        more=len(texts) > TEXTS,
        enough=enough,
        hidden_below=HIDDEN_BELOW,
    )


@pages.get("/surveys/series/<int:instrument_id>")
def show_series(instrument_id: int) -> str:
    """Each item's index from survey to survey of one channel; a changed item is a new line."""
    session = db.session()
    instrument = instruments.by_id(session, instrument_id)
    if instrument is None:
        raise NotFound
    held = [_results(one.id) for one in reversed(surveys.listed(session, instrument_id))]
    used = [one for one in SurveyChannel if any(one in result.channels for result in held)]
    asked = request.args.get("channel", "")
    channel = next((one for one in used if one.value == asked), used[0] if used else None)
    lines: dict[str, dict[str, Any]] = {}
    for place, result in enumerate(held):
        for item in result.five_point_items:
            line = lines.setdefault(item.series, {"item": item, "points": {}})
            line["points"][place] = result.five(item.id, Chosen(channel))
    return render_template(
        "supervisor/survey_series.html",
        name=survey_name(instrument),
        surveys=[_view(result.survey) for result in held],
        channel=str(CHANNELS[channel]) if channel else "",
        self_selected=channel in SELF_SELECTED,
        channel_links=[
            (
                str(CHANNELS[one]),
                url_for("supervisor.show_series", instrument_id=instrument_id, channel=one.value),
                one is channel,
            )
            for one in used
        ],
        lines=sorted(lines.values(), key=lambda line: (line["item"].code, min(line["points"]))),
    )


def _results(survey_id: int) -> Results:
    session = db.session()
    survey = surveys.by_id(session, survey_id)
    if survey is None:
        raise NotFound
    return Results(
        survey,
        sections_of(version_of(survey)),
        surveys.responses(session, survey),
        surveys.answers(session, survey),
        {one.option_id: one.total for one in survey.totals},
    )


def _asked_channel(found: Results) -> SurveyChannel | None:
    """The channel in the address; without one the first that brought answers, never all of them."""
    asked = request.args.get("channel", "")
    if asked == ALL:
        return None
    if asked in set(SurveyChannel):
        return SurveyChannel(asked)
    known = [SurveyChannel(one) for one in found.survey.channels]
    return next(iter(found.channels or known))


def _channel_links(found: Results, *, flagged_too: bool) -> list[tuple[str, str, str, int]]:
    """(value, words, address, questionnaires) of each channel and of all together."""
    more: dict[str, Any] = {} if flagged_too else {"flagged": "without"}
    mix = mix_of(found.responses, Chosen(flagged_too=flagged_too))
    shown = [one for one in SurveyChannel if one in mix or one.value in found.survey.channels]
    links = [(one.value, str(CHANNELS[one]), mix.get(one, 0)) for one in shown]
    if len(shown) > 1:
        links.append((ALL, _("all together"), sum(mix.values())))
    return [
        (
            value,
            words,
            url_for("supervisor.show_survey", survey_id=found.survey.id, channel=value, **more),
            count,
        )
        for value, words, count in links
    ]


def _weighting(survey: Survey) -> dict[str, Any] | None:
    """What the answers are weighted by, in words and numbers; None where nothing is."""
    if not survey.totals:
        return None
    names = dict(group_choices(survey))
    people = sum(one.total for one in survey.totals)
    return {
        "source": survey.totals_source,
        "people": people,
        "groups": [(names.get(one.option_id, ""), one.total) for one in survey.totals],
    }


def _is_five(item: ItemView) -> bool:
    return item.kind == ItemKind.FIVE_POINT


def _view(survey: Survey) -> dict[str, Any]:
    standing = stage(survey)
    return {
        "id": survey.id,
        "code": survey.code,
        "name": survey_name(survey),
        "instrument": survey_name(survey.version.instrument),
        "instrument_id": survey.version.instrument_id,
        "version": survey.version.number,
        "first_day": survey.first_day,
        "last_day": survey.last_day,
        "stage": standing.value,
        "stage_word": str(STAGES[standing]),
    }


def _rows(found: Results) -> Iterator[Row]:
    """The table with a line for each item, channel, unit, and with or without what is flagged."""
    yield (
        *("item", "series", "text", "channel", "does_not_generalise", "unit", "flagged"),
        *("responses", "valid", "no_opinion", "blank", *(f"level_{level}" for level in LEVELS)),
        *("index", "low", "high", "weighted_index", "weighted_low", "weighted_high", "n_effective"),
    )
    units: list[tuple[int | None, str]] = [(None, "")]
    units += [(unit.id, unit_name(unit)) for unit in found.survey.units]
    for item in found.five_point_items:
        for channel in found.channels:
            for unit_id, unit in units:
                for flagged_too in (True, False):
                    one = found.five(item.id, Chosen(channel, unit_id, flagged_too))
                    yield (
                        *(item.code, item.series, item.text, channel.value),
                        *("yes" if channel in SELF_SELECTED else "no", unit),
                        "with" if flagged_too else "without",
                        *_numbers(one),
                    )


def _numbers(one: FivePoint) -> Row:
    levels = [one.counts[level] if one.counts else "" for level in LEVELS]
    index = one.index.share if one.index else None
    plain = _three(index, one.interval)
    weighted = one.weighted
    return (
        *(one.responses, one.valid, one.no_opinion, one.blank, *levels, *plain),
        *_three(weighted.share if weighted else None, weighted.interval if weighted else None),
        f"{float(weighted.effective):.1f}" if weighted else "",
    )


def _three(share: Any, interval: Any) -> list[str]:
    if share is None or interval is None:
        return ["", "", ""]
    return [f"{float(value):.4f}" for value in (share, interval.low, interval.high)]
