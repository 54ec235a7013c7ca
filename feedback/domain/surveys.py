"""Surveys: what an instrument asks, when an item starts a new series, and what an answer may be.

An item is known through all versions of its instrument by its `code`. Its `series` names what its
answers may be compared with: it changes as soon as the item's wording or scale does, so that no
line is ever drawn through answers to two different questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NO_OPINION = 0
LEVELS = (1, 2, 3, 4, 5)
SATISFIED = frozenset({4, 5})  # the middle of the scale is not satisfied
MAX_OPTIONS = 12


class ItemKind(StrEnum):
    """How an item is answered."""

    FIVE_POINT = "five_point"  # 1 very dissatisfied … 5 very satisfied, or no opinion
    SINGLE_CHOICE = "single_choice"
    OPEN_TEXT = "open_text"


class SurveyChannel(StrEnum):
    """How an answered questionnaire came in."""

    WEB = "web"
    QR = "qr"
    PHONE = "phone"
    IN_PERSON = "in_person"


SELF_SELECTED = frozenset({SurveyChannel.WEB, SurveyChannel.QR})
"""Who answers there chose to: it does not speak for those who did not."""
INTERVIEWED = frozenset({SurveyChannel.PHONE, SurveyChannel.IN_PERSON})


class SurveyFlag(StrEnum):
    """Why a questionnaire is doubted. It is kept, and counted with and without."""

    REPEAT = "repeat"  # this device has answered the survey before


class SurveyStage(StrEnum):
    """Where a survey stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Question:
    """What an item asks: its wording in both languages, and the scale it is answered on.

    `options` are the choices, each in both languages; other kinds have none.
    """

    kind: ItemKind
    text_vi: str
    text_en: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an earlier version asked it, and the series its answers belong to."""

    question: Question
    series: str


def series_of(code: str, now: Question, before: Asked | None, *, same_meaning: bool) -> str:
    """The series of an item's answers, by what the last version that had it asked.

    The first series is the item's code; each change of wording or scale starts the next one. Only
    a wording that somebody declared to mean the same (a slip mended) goes on with its series; a
    changed scale never does.
    """
    if before is None:
        return code
    was = before.question
    same_scale = (was.kind, was.options) == (now.kind, now.options)
    if was == now or (same_scale and same_meaning):
        return before.series
    return f"{code}.{_number(before.series) + 1}"


def _number(series: str) -> int:
    _code, _dot, number = series.partition(".")
    return int(number) if number else 1


def stage_of(first_day: date, last_day: date, today: date, *, closed: bool) -> SurveyStage:
    """Where a survey stands on a day; both its days included."""
    if closed or today > last_day:
        return SurveyStage.OVER
    return SurveyStage.COMING if today < first_day else SurveyStage.RUNNING


def channel_of(allowed: Sequence[SurveyChannel], *, by_qr: bool) -> SurveyChannel | None:
    """The channel of somebody who opens the survey's page by themselves; None when it has none.

    Who types the address that stands below a QR code counts with the code, where the survey is not
    on the web.
    """
    open_to_all = [channel for channel in allowed if channel in SELF_SELECTED]
    wanted = SurveyChannel.QR if by_qr else SurveyChannel.WEB
    if wanted in open_to_all:
        return wanted
    return open_to_all[0] if open_to_all else None
