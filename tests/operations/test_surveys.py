"""Questionnaires are edited, surveys held, and answers kept, flagged and forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.states import Role
from feedback.domain.survey_figures import Chosen, five_point
from feedback.domain.surveys import ItemKind, SurveyChannel, SurveyFlag
from feedback.operations.answer_survey import Filled, answer_survey
from feedback.operations.edit_instrument import ItemDraft, remove_item, save_item
from feedback.operations.forget_answers import forget_answers
from feedback.operations.save_instrument import publish_version
from feedback.operations.save_survey import close_survey, set_quota, set_totals
from feedback.operations.transaction import reading
from feedback.storage.models import ReferenceChange, SurveyAnswer, SurveyItem, SurveyResponse
from feedback.storage.queries import surveys
from tests.factories import (
    ITEMS,
    MONDAY,
    Questionnaire,
    actor_of,
    create_account,
    create_instrument,
    create_responses,
    create_survey,
    create_unit,
    the_city,
)
from tests.factories.surveys import questionnaire

pytestmark = pytest.mark.usefixtures("app_context")
QR, WEB, PHONE = SurveyChannel.QR, SurveyChannel.WEB, SurveyChannel.PHONE


@pytest.fixture
def questions(app_context: None) -> Questionnaire:
    """A published questionnaire."""
    return create_instrument()


@pytest.fixture
def how(app_context: None) -> dict[str, Any]:
    """What the administrator's operations are told."""
    actor = actor_of(create_account(Role.ADMINISTRATOR))
    return {"seen": None, "actor": actor, "city": the_city(), "now": MONDAY}


def changed(code: str, **more: Any) -> ItemDraft:
    """What a form says of one of the items when it changes something."""
    draft = next(item for item in ITEMS if item.code == code)
    return ItemDraft(**{**{name: getattr(draft, name) for name in draft.__slots__}, **more})


def series(questions: Questionnaire) -> dict[str, str]:
    """The series of each item of a version."""
    with reading() as session:
        rows = select(SurveyItem).where(SurveyItem.version_id == questions.version_id)
        return {item.code: item.series for item in session.scalars(rows)}


def test_a_version_that_a_survey_uses_is_never_changed(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    create_survey(questions)
    item_id = questions.items["waiting"]
    new_id = save_item(
        questions.instrument_id, item_id, changed("waiting", text_vi="Chờ bao lâu"), **how
    )
    second = questionnaire(questions.instrument_id)
    assert second.version_id != questions.version_id
    assert second.items["waiting"] == new_id != item_id
    assert series(questions) == {code: code for code in questions.items}
    assert series(second) == {**series(questions), "waiting": "waiting.2"}
    # The draft is changed in place, and what is as before is the old series.
    save_item(questions.instrument_id, new_id, changed("waiting"), **how)
    assert questionnaire(questions.instrument_id).version_id == second.version_id
    assert series(second)["waiting"] == "waiting"


def test_a_mended_slip_goes_on_with_its_series_but_a_changed_scale_never_does(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    create_survey(questions)
    slip = changed("waiting", text_vi="Thời gian  chờ.", same_meaning=True)
    save_item(questions.instrument_id, questions.items["waiting"], slip, **how)
    second = questionnaire(questions.instrument_id)
    scale = changed("attitude", kind=ItemKind.OPEN_TEXT, same_meaning=True)
    save_item(questions.instrument_id, second.items["attitude"], scale, **how)
    assert series(second)["waiting"] == "waiting"
    assert series(second)["attitude"] == "attitude.2"


def test_an_item_that_comes_back_with_another_meaning_starts_a_new_series(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    create_survey(questions)
    remove_item(questions.instrument_id, questions.items["waiting"], **how)
    second = questionnaire(questions.instrument_id)
    assert "waiting" not in second.items
    with reading() as session:
        section_id = session.get_one(SurveyItem, second.items["attitude"]).section_id
    another = changed("waiting", text_vi="Chỗ ngồi chờ", section_id=section_id)
    save_item(questions.instrument_id, None, another, **how)
    assert series(second)["waiting"] == "waiting.2"


def test_every_changed_wording_is_in_the_history(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    item_id = questions.items["waiting"]
    save_item(questions.instrument_id, item_id, changed("waiting", text_en="The wait"), **how)
    with reading() as session:
        change = session.scalars(
            select(ReferenceChange).order_by(ReferenceChange.id.desc())
        ).first()
        assert change is not None
        assert change.before == {"waiting": "[waiting] Thời gian chờ / Waiting time"}
        assert change.after == {"waiting": "[waiting] Thời gian chờ / The wait"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text_en": " "}, "text_en"),
        ({"kind": None}, "kind"),
        ({"kind": ItemKind.SINGLE_CHOICE, "options": "Nam | Man"}, "options"),
        ({"kind": ItemKind.SINGLE_CHOICE, "options": "Nam\nNữ"}, "options"),
        ({"is_stratum": True}, "is_stratum"),
    ],
)
def test_an_item_that_cannot_be_is_refused(
    questions: Questionnaire, how: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    item_id = questions.items["waiting"]
    with pytest.raises(Invalid) as refused:
        save_item(questions.instrument_id, item_id, changed("waiting", **more), **how)
    assert field in refused.value.fields


def test_only_a_published_version_is_asked(how: dict[str, Any]) -> None:
    draft = create_instrument(published=False)
    with pytest.raises(Invalid) as refused:
        create_survey(draft)
    assert refused.value.fields == {"version_id": "version_not_published"}
    publish_version(draft.instrument_id, date(2026, 1, 1), **how)
    with pytest.raises(Invalid) as early:
        create_survey(draft, first_day=date(2025, 12, 31))
    assert early.value.fields == {"first_day": "before_version"}
    with pytest.raises(Conflict):
        publish_version(draft.instrument_id, date(2026, 1, 1), **how)


def rows() -> list[SurveyResponse]:
    """All questionnaires, in their order."""
    with reading() as session:
        found = list(session.scalars(select(SurveyResponse).order_by(SurveyResponse.id)))
        session.expunge_all()
        return found


def test_a_second_questionnaire_of_one_device_is_flagged_and_kept(
    questions: Questionnaire,
) -> None:
    first, second = create_survey(questions), create_survey(questions)
    typed = {questions.items["waiting"]: "4"}
    for survey_id, device in ((first, "a"), (first, "b"), (first, "a"), (second, "a")):
        filled = Filled(QR, typed)
        answer_survey(survey_id, filled, device=device, city=the_city(), now=MONDAY)
    found = rows()
    assert [row.flag for row in found] == [None, None, SurveyFlag.REPEAT, None]
    assert found[0].device == found[2].device
    assert found[0].device != found[3].device  # of no use beyond one survey


def test_only_somebody_of_no_unit_types_in_what_others_say(questions: Questionnaire) -> None:
    unit = create_unit()
    survey_id = create_survey(questions)
    filled = Filled(PHONE, {questions.items["waiting"]: "1"})
    head = actor_of(create_account(Role.HEAD, unit))
    with pytest.raises(NotAllowed):
        answer_survey(survey_id, filled, interviewer=head, city=the_city(), now=MONDAY)
    with pytest.raises(Invalid):
        answer_survey(survey_id, filled, device="a", city=the_city(), now=MONDAY)
    caller = actor_of(create_account(Role.DISPATCHER))
    answer_survey(survey_id, filled, interviewer=caller, city=the_city(), now=MONDAY)
    assert [(row.channel, row.interviewer_id, row.device) for row in rows()] == [
        (PHONE, caller.account_id, None)
    ]


def test_what_cannot_be_read_is_named_all_at_once(questions: Questionnaire) -> None:
    unit, other = create_unit("A"), create_unit("B")
    survey_id = create_survey(questions, unit_ids=[unit.id, other.id])
    typed = {
        questions.items["waiting"]: "6",
        questions.items["age"]: str(10**6),
        questions.items["more"]: "x" * 2_001,
    }
    with pytest.raises(Invalid) as refused:
        answer_survey(survey_id, Filled(QR, typed), device="a", city=the_city(), now=MONDAY)
    assert refused.value.fields == {
        "unit_id": "required",
        f"item_{questions.items['waiting']}": "not_a_level",
        f"item_{questions.items['age']}": "not_a_choice",
        f"item_{questions.items['more']}": "too_long",
    }
    blank = Filled(QR, {questions.items["more"]: " \n"}, unit.id)
    with pytest.raises(Invalid) as empty:
        answer_survey(survey_id, blank, device="a", city=the_city(), now=MONDAY)
    assert empty.value.fields == {"answers": "nothing_answered"}
    with pytest.raises(Conflict):
        strange = Filled(QR, {10**6: "1"}, unit.id)
        answer_survey(survey_id, strange, device="a", city=the_city(), now=MONDAY)
    assert rows() == []


def test_the_store_counts_what_was_answered(questions: Questionnaire, how: dict[str, Any]) -> None:
    unit = create_unit()
    survey_id = create_survey(questions, unit_ids=[unit.id])
    waiting, age = questions.items["waiting"], questions.items["age"]
    young, old = map(str, questions.options["age"])
    set_totals(survey_id, age, {int(young): 400, int(old): 600}, "Niên giám 2025", **how)
    happy, angry = {waiting: "5", age: young}, {waiting: "1", age: old}
    create_responses(survey_id, *[happy] * 8, *[angry] * 2, {waiting: "0", age: old})
    create_responses(survey_id, *[angry] * 6, {age: old}, channel=WEB)
    with reading() as session:
        survey = surveys.by_id(session, survey_id)
        assert survey is not None
        responses, answers = surveys.responses(session, survey), surveys.answers(session, survey)
        assert surveys.by_channel(session, survey_id) == {QR: 11, WEB: 7}
        assert surveys.by_group(session, survey_id)[QR, int(old)] == 3
        totals = {one.option_id: one.total for one in survey.totals}
    found = five_point(waiting, responses, answers, Chosen(), totals)
    assert (found.responses, found.valid, found.no_opinion, found.blank) == (18, 16, 1, 1)
    assert found.weighted is not None
    assert float(found.weighted.share) == pytest.approx(0.4)  # all young, no old
    assert five_point(waiting, responses, answers, Chosen(QR), totals).weighted is None
    assert five_point(waiting, responses, answers, Chosen(unit_id=unit.id)).valid == 16


def test_quotas_and_totals_speak_of_the_surveys_own_groups(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    survey_id = create_survey(questions, channels=[PHONE])
    young = questions.options["age"][0]
    for target in (20, 30):
        set_quota(survey_id, PHONE, young, target, **how)
    set_quota(survey_id, PHONE, None, 50, **how)
    set_quota(survey_id, PHONE, None, None, **how)
    with reading() as session:
        survey = surveys.by_id(session, survey_id)
        assert survey is not None
        assert [(one.option_id, one.target) for one in survey.quotas] == [(young, 30)]
    with pytest.raises(Invalid):
        set_quota(survey_id, QR, None, 5, **how)
    with pytest.raises(Invalid):
        set_quota(survey_id, PHONE, create_instrument().options["age"][0], 5, **how)
    with pytest.raises(Invalid) as refused:
        set_totals(survey_id, questions.items["age"], {young: 3}, "", **how)
    assert set(refused.value.fields) == {"source", f"total_{questions.options['age'][1]}"}


def test_devices_are_forgotten_at_the_end_and_texts_after_the_retention(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    last_day = MONDAY.date()
    survey_id = create_survey(questions, last_day=last_day)
    typed = {questions.items["waiting"]: "2", questions.items["more"]: "Tôi là Lan"}
    create_responses(survey_id, typed)
    city = replace(the_city(), retention_days=30)

    def kept() -> tuple[bool, str]:
        with reading() as session:
            texts = session.scalars(select(SurveyAnswer.text).order_by(SurveyAnswer.id.desc()))
            return rows()[0].device is not None, max(texts)

    forget_answers(city=city, now=MONDAY)
    assert kept() == (True, "Tôi là Lan")
    forget_answers(city=city, now=MONDAY + timedelta(days=1))
    assert kept() == (False, "Tôi là Lan")
    forget_answers(city=city, now=MONDAY + timedelta(days=30))
    assert kept() == (False, "")


def test_a_closed_survey_takes_no_answers(questions: Questionnaire, how: dict[str, Any]) -> None:
    survey_id = create_survey(questions)
    create_responses(survey_id, {questions.items["waiting"]: "2"})
    close_survey(survey_id, **how)
    assert rows()[0].device is None
    with pytest.raises(Conflict):
        create_responses(survey_id, {questions.items["waiting"]: "2"})
    with pytest.raises(Conflict):
        close_survey(survey_id, **how)


def test_nobody_but_the_administrator_holds_surveys(
    questions: Questionnaire, how: dict[str, Any]
) -> None:
    supervisor: Actor = actor_of(create_account(Role.SUPERVISOR))
    mine = {**how, "actor": supervisor}
    with pytest.raises(NotAllowed):
        publish_version(questions.instrument_id, date(2026, 1, 1), **mine)
    with pytest.raises(NotAllowed):
        close_survey(create_survey(questions), **mine)
