"""Surveys on their pages: set up, answered by link and keyboard, read by the supervisor."""

import csv
import io
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.states import Role
from feedback.domain.surveys import SurveyChannel
from feedback.operations.transaction import reading
from feedback.storage.models import Survey, SurveyAnswer, SurveyResponse
from tests.factories import (
    Questionnaire,
    create_account,
    create_instrument,
    create_responses,
    create_survey,
    create_unit,
)
from tests.factories.surveys import questionnaire
from tests.naughty.page_forms import form_to
from tests.naughty.strings import kept, naughty_strings
from tests.support.staff import csrf_token, new_client, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Held:
    """A survey, what it asks, and where it is answered."""

    id: int
    code: str
    asked: Questionnaire

    def field(self, code: str) -> str:
        """The field of an item."""
        return f"item_{self.asked.items[code]}"


@pytest.fixture
def held(app: Flask) -> Held:
    with app.app_context():
        asked = create_instrument()
        survey_id = create_survey(asked)
        with reading() as session:
            return Held(survey_id, session.get_one(Survey, survey_id).code, asked)


def staff(app: Flask, role: Role) -> FlaskClient:
    with app.app_context():
        account = create_account(role)
    return sign_in(app, account)


def answers(app: Flask) -> list[tuple[int | None, int | None, str]]:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(SurveyAnswer).order_by(SurveyAnswer.id))
        return [(row.value, row.option_id, row.text) for row in rows]


def test_an_administrator_makes_a_questionnaire_and_holds_a_survey(app: Flask) -> None:
    with app.app_context():
        unit = create_unit()
    desk = staff(app, Role.ADMINISTRATOR)
    token = {"csrf_token": csrf_token(desk)}

    def send(page: str, action: str, **fields: str) -> str:
        form = form_to(desk.get(page).text, action)
        sent = desk.post(form.action, data=form.values | fields)
        assert sent.status_code == 303, sent.text
        return str(sent.location)

    names = {"name_vi": "Hài lòng", "name_en": "Satisfaction"}
    page = send("/admin/instruments/new", "/new", code="sipas", **names)
    send(page, "/sections", title_vi="Phục vụ", title_en="Service")
    found = re.search(
        r'href="(/admin/instruments/\d+/items/new\?section=\d+)"', desk.get(page).text
    )
    assert found
    wording = {"text_vi": "Thời gian chờ", "text_en": "Waiting time"}
    send(found[1], "/items/new", code="waiting", **wording)
    ages = {"kind": "single_choice", "options": "Trẻ | Young\nGià | Old", "is_stratum": "1"}
    send(found[1], "/items/new", code="age", text_vi="Tuổi", text_en="Age", **ages)
    send(page, "/publish", valid_from="2026-01-01")
    new = form_to(desk.get("/admin/surveys/new").text, "/surveys/new")
    with app.app_context():
        asked = questionnaire(int(page.rpartition("/")[2]))
    survey = {
        **names,
        **token,
        "version_id": str(asked.version_id),
        "first_day": "2026-01-01",
        "last_day": "2099-12-31",
        "channels": ["qr", "phone"],
        "unit_ids": [str(unit.id)],
    }
    refused = desk.post(new.action, data={**survey, "channels": []})
    assert refused.status_code == 422
    assert f'value="{unit.id}" checked' in refused.text  # nothing typed is lost
    made = desk.post(new.action, data=survey)
    assert made.status_code == 303, made.text
    page = made.location
    young, old = asked.options["age"]
    send(page, "/quotas", channel="phone", option_id=str(young), target="40")
    totals = {f"total_{young}": "1.200", f"total_{old}": "800", "source": "Niên giám"}
    send(page, "/totals", **totals)
    shown = desk.get(page).text
    assert 'value="1200"' in shown
    assert "40" in shown
    assert "<svg" in desk.get(f"{page}/sheet").text
    assert "QR code, telephone survey" in shown  # the history tells channels in words
    assert re.search(r"telephone survey, Trẻ:.*40", shown, re.DOTALL)
    send(page, "/close")
    assert desk.post(f"{page}/close", data={**token, "seen": "0"}).status_code == 409


def test_a_citizen_answers_without_a_script_and_nothing_typed_is_lost(
    app: Flask, held: Held
) -> None:
    citizen = new_client(app)
    page = f"/s/{held.code}?qr"
    form = form_to(citizen.get(page).text, f"/s/{held.code}")
    assert form.values["qr"] == "1"
    bad = {held.field("waiting"): "9", held.field("more"): "Rất tốt"}
    refused = citizen.post(form.action, data=form.values | bad)
    assert refused.status_code == 422
    assert "Rất tốt" in refused.text
    assert f'href="#{held.field("waiting")}"' in refused.text
    young = held.asked.options["age"][0]
    good = {held.field("waiting"): "4", held.field("attitude"): "0", held.field("age"): str(young)}
    sent = citizen.post(form.action, data=form.values | good)
    assert sent.status_code == 303
    assert citizen.get(sent.location).status_code == 200
    assert answers(app) == [(4, None, ""), (0, None, ""), (None, young, "")]
    citizen.post(form.action, data=form.values | good)
    with app.app_context(), reading() as session:
        rows = session.execute(select(SurveyResponse.channel, SurveyResponse.flag)).all()
    assert [(row[0].value, row[1] and row[1].value) for row in rows] == [
        ("qr", None),
        ("qr", "repeat"),
    ]
    assert citizen.get("/s/222-222").status_code == 404


def test_an_interviewer_types_digits_and_choices_by_their_number(app: Flask, held: Held) -> None:
    desk = staff(app, Role.DISPATCHER)
    page = f"/staff/interviews/{held.id}"
    assert page in desk.get("/staff/interviews").text
    form = form_to(desk.get(page).text, page)
    typed = {held.field("waiting"): "5", held.field("age"): "2"}
    refused = desk.post(page, data=form.values | typed | {held.field("age"): "3"})
    assert refused.status_code == 422
    assert 'value="3"' in refused.text
    sent = desk.post(page, data=form.values | typed | {"channel": "in_person"})
    assert sent.status_code == 303, sent.text
    assert "channel=in_person" in sent.location
    assert answers(app) == [(5, None, ""), (None, held.asked.options["age"][1], "")]
    assert staff(app, Role.ADMINISTRATOR).get(page).status_code == 403


def test_results_stand_by_channel_and_the_file_has_the_same(app: Flask, held: Held) -> None:
    waiting = held.asked.items["waiting"]
    with app.app_context():
        create_responses(held.id, *[{waiting: "5"}] * 6, *[{waiting: "3"}] * 2, {waiting: "0"})
        create_responses(held.id, *[{waiting: "1"}] * 2, channel=SurveyChannel.WEB)
    desk = staff(app, Role.SUPERVISOR)
    page = f"/supervisor/surveys/{held.id}"
    qr = desk.get(f"{page}?channel=qr").text
    assert "75.0" in qr
    assert "does not speak for everyone" in qr
    assert "Nothing is weighted" in qr
    assert "75.0" not in desk.get(f"{page}?channel=web").text  # 2 answers say nothing
    assert "All channels together" in desk.get(f"{page}?channel=all").text
    text = desk.get(f"{page}.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(
        r for r in rows if (r["item"], r["channel"], r["flagged"]) == ("waiting", "qr", "with")
    )
    assert (row["valid"], row["no_opinion"], row["index"], row["level_5"]) == (
        "8",
        "1",
        "0.7500",
        "6",
    )
    few = next(r for r in rows if (r["item"], r["channel"]) == ("waiting", "web"))
    assert (few["valid"], few["index"], few["level_1"]) == ("2", "", "")
    series = desk.get(f"/supervisor/surveys/series/{held.asked.instrument_id}?channel=qr")
    assert "75.0" in series.text


def test_open_texts_are_kept_to_the_letter_and_shown_from_five_on(app: Flask, held: Held) -> None:
    citizen, desk = new_client(app), staff(app, Role.SUPERVISOR)
    page = f"/supervisor/surveys/{held.id}/texts/{held.asked.items['more']}"
    texts = [text for text in map(kept, naughty_strings()) if text][:25]
    token = {"csrf_token": csrf_token(citizen)}
    for number, text in enumerate(texts):
        sent = citizen.post(f"/s/{held.code}", data={**token, held.field("more"): text})
        assert sent.status_code == 303, text
        if number == 3:
            assert "so that nobody can be guessed" in desk.get(page).text
    assert sorted(text for _value, _option, text in answers(app)) == sorted(texts)
    assert desk.get(page).text.count('<li class="item">') == len(texts)
