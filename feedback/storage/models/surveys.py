"""Instruments with their versions and items, surveys held with them, and what people answered."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.surveys import ItemKind, SurveyChannel, SurveyFlag
from feedback.extensions import Model
from feedback.storage.models.units import Unit
from feedback.storage.types import JsonColumn, UtcDateTime, words


class Instrument(Model):
    """A questionnaire, through all its versions."""

    __tablename__ = "instruments"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    versions: Mapped[list["InstrumentVersion"]] = relationship(
        viewonly=True, order_by="InstrumentVersion.number"
    )


class InstrumentVersion(Model):
    """One version: a draft until it is published, and never changed once a survey uses it."""

    __tablename__ = "instrument_versions"
    __table_args__ = (UniqueConstraint("instrument_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    number: Mapped[int]
    valid_from: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    instrument: Mapped[Instrument] = relationship(viewonly=True)
    sections: Mapped[list["SurveySection"]] = relationship(
        viewonly=True, order_by="(SurveySection.position, SurveySection.id)"
    )


class SurveySection(Model):
    """A heading of a version, with the items below it."""

    __tablename__ = "survey_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title_vi: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))

    items: Mapped[list["SurveyItem"]] = relationship(
        viewonly=True, order_by="(SurveyItem.position, SurveyItem.id)"
    )


class SurveyItem(Model):
    """One question of a version. `code` is the same in all versions, `series` names what its
    answers may be compared with; `base_id` is the item it was made from.

    `is_stratum`: a choice that says which group of people somebody belongs to.
    """

    __tablename__ = "survey_items"
    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("survey_sections.id"), index=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("survey_items.id"))
    position: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(48))
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    is_stratum: Mapped[bool] = mapped_column(default=False)
    same_meaning: Mapped[bool] = mapped_column(default=False)
    text_vi: Mapped[str] = mapped_column(String(500))
    text_en: Mapped[str] = mapped_column(String(500))

    options: Mapped[list["SurveyOption"]] = relationship(
        viewonly=True, order_by="(SurveyOption.position, SurveyOption.id)"
    )


class SurveyOption(Model):
    """One choice of an item."""

    __tablename__ = "survey_options"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("survey_items.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))


class Survey(Model):
    """One version asked from a first to a last day. `code` stands in its public address.

    `channels` are words of SurveyChannel. Answers are weighted by `weighting_item_id` where the
    population's totals were entered for its options.
    """

    __tablename__ = "surveys"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"), index=True)
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    channels: Mapped[list[str]] = mapped_column(JsonColumn)
    weighting_item_id: Mapped[int | None] = mapped_column(ForeignKey("survey_items.id"))
    totals_source: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    version: Mapped[InstrumentVersion] = relationship(viewonly=True)
    units: Mapped[list[Unit]] = relationship(
        secondary="survey_units", viewonly=True, order_by=Unit.id
    )
    quotas: Mapped[list["SurveyQuota"]] = relationship(viewonly=True, order_by="SurveyQuota.id")
    totals: Mapped[list["SurveyTotal"]] = relationship(viewonly=True)


class SurveyUnit(Model):
    """A unit that a survey asks about; a survey without any is about the whole city."""

    __tablename__ = "survey_units"

    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)


class SurveyQuota(Model):
    """How many answers are wanted over a channel, of one group of people or of everybody."""

    __tablename__ = "survey_quotas"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), index=True)
    channel: Mapped[SurveyChannel] = mapped_column(words(SurveyChannel))
    option_id: Mapped[int | None] = mapped_column(ForeignKey("survey_options.id"))
    target: Mapped[int]


class SurveyTotal(Model):
    """How many people of the population belong to a group, as the administrator entered it."""

    __tablename__ = "survey_totals"

    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey("survey_options.id"), primary_key=True)
    total: Mapped[int]


class SurveyResponse(Model):
    """One questionnaire. Nothing tells whose it is.

    `device` is a keyed hash that is of use within this survey only, and is forgotten at its end;
    `interviewer_id` is who typed in what somebody else said.
    """

    __tablename__ = "survey_responses"
    __table_args__ = (
        Index("ix_survey_responses_survey", "survey_id", "answered_at"),
        Index("ix_survey_responses_device", "device"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    channel: Mapped[SurveyChannel] = mapped_column(words(SurveyChannel))
    interviewer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    device: Mapped[str | None] = mapped_column(String(64))
    flag: Mapped[SurveyFlag | None] = mapped_column(words(SurveyFlag))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyAnswer(Model):
    """The answer to one item: a level or "no opinion" (0), a choice, or a text. A blank has no row.

    Whether a text was given stays known after the text is erased.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        UniqueConstraint("response_id", "item_id"),
        Index("ix_survey_answers_item", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("survey_responses.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("survey_items.id"))
    value: Mapped[int | None] = mapped_column(SmallInteger)
    option_id: Mapped[int | None] = mapped_column(ForeignKey("survey_options.id"))
    text: Mapped[str] = mapped_column(Text, default="")
