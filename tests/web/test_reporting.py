"""Sending a report: accepted once, refused whole and with reasons."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain import consents
from feedback.operations.transaction import reading
from feedback.storage.models import Report
from tests.factories import INSIDE, create_area, create_category
from tests.support.photos import photo_bytes
from tests.web.forms import csrf_of, file, report_fields, send

SET_THE_PLACE = "Set the place on the map, or choose a ward and write the street."

AGREED = {"consent": consents.CURRENT.version}


@pytest.fixture(autouse=True)
def _english(client: FlaskClient) -> None:
    client.set_cookie("language", "en")


def stored_reports(app: Flask) -> int:
    """How many reports there are."""
    with app.app_context(), reading() as session:
        return session.query(Report).count()


def test_a_sent_report_leads_to_its_receipt(client: FlaskClient) -> None:
    answer = send(client, "/report", **report_fields())
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page = client.get(answer.location)
    assert page.status_code == HTTPStatus.OK
    assert answer.location.split("/")[2] in page.text
    assert "qr-code" in page.text


def test_the_same_form_sent_again_gets_the_same_receipt(client: FlaskClient, app: Flask) -> None:
    fields = report_fields()
    first, again = send(client, "/report", **fields), send(client, "/report", **fields)
    assert again.location == first.location
    assert stored_reports(app) == 1


def test_a_script_learns_whether_its_report_was_new(client: FlaskClient) -> None:
    fields = report_fields()
    first = send(client, "/report", json=True, **fields)
    again = send(client, "/report", json=True, **fields)
    assert (first.status_code, again.status_code) == (HTTPStatus.CREATED, HTTPStatus.OK)
    assert first.json == again.json
    assert first.json is not None
    assert first.json["link"].endswith(client.get(first.json["link"]).request.path)


def test_the_same_id_with_other_words_is_a_conflict(client: FlaskClient, app: Flask) -> None:
    fields = report_fields()
    send(client, "/report", **fields)
    other = send(client, "/report", **fields | {"text": "Đèn đường tắt"})
    assert other.status_code == HTTPStatus.CONFLICT
    assert "This form has already been sent with other content." in other.text
    assert 'href="/report?fresh=1"' in other.text
    problem = send(client, "/report", json=True, **fields | {"text": "Đèn đường tắt"})
    assert problem.status_code == HTTPStatus.CONFLICT
    assert problem.json is not None
    assert problem.json["code"] == "submission_differs"
    assert stored_reports(app) == 1


def test_what_was_typed_comes_back_with_the_errors(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        area, category = create_area(), create_category("Rác thải")
    fields = report_fields(
        category_id=str(category.id),
        area_id=str(area.id),
        address_text='5 "Kiệt" <b>Lê Lợi</b>',
        text="Dòng một\nDòng hai",
        contact_name="Lan",
        contact_email="lan@",
        contact_phone="0901",
        use_photo_place="1",
        photos=file(photo_bytes()),
    )
    answer = send(client, "/report", **fields)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    for shown in (
        f'value="{fields["submission_id"]}"',
        f'value="{category.id}" checked',
        f'value="{area.id}" selected',
        'value="5 &#34;Kiệt&#34; &lt;b&gt;Lê Lợi&lt;/b&gt;"',
        "Dòng một\nDòng hai</textarea>",
        'value="Lan"',
        'value="lan@"',
        'value="0901"',
        'name="photo_ids"',
        'href="#contact_email"',
        'href="#contact_phone"',
        'href="#consent"',
        "<title>Error:",
    ):
        assert shown in answer.text
    assert stored_reports(app) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_all_that_is_missing_is_named_at_once(client: FlaskClient) -> None:
    empty = report_fields(category_id=None, address_text=None, text=None, contact_name="Lan")
    answer = send(client, "/report", json=True, **empty)
    assert answer.json is not None
    assert set(answer.json["fields"]) == {"category_id", "place", "text", "consent"}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"address_text": ""}, "place", SET_THE_PLACE),
        ({"category_id": None}, "category_id", "Choose a category, or “I don't know”."),
        ({"category_id": "12345"}, "category_id", "Choose a category from the list."),
        ({"category_id": "x"}, "category_id", "Choose a category from the list."),
        ({"category_id": "²"}, "category_id", "Choose a category from the list."),
        ({"category_id": "9" * 30}, "category_id", "Choose a category from the list."),
        ({"area_id": "9" * 30}, "area_id", "Choose a ward from the list."),
        ({"area_id": "12345"}, "area_id", "Choose a ward from the list."),
        ({"text": ""}, "text", "Write a few words, or add at least one photo."),
        ({"text": "ố" * 5001}, "text", "The text is too long. Please shorten it."),
        (
            {"contact_email": "a@b", **AGREED},
            "contact_email",
            "Enter an e-mail address",
        ),
        (
            {"contact_phone": "1234567", **AGREED},
            "contact_phone",
            "Enter a phone number",
        ),
        ({"contact_name": "Lan"}, "consent", "Tick the box so that we may contact you."),
        ({"latitude": "16.4"}, "place", "The point on the map is not complete."),
        ({"latitude": "north", "longitude": "1"}, "place", "This entry cannot be read."),
        ({"latitude": "nan", "longitude": "nan"}, "place", "This entry cannot be read."),
        ({"latitude": "0", "longitude": "0"}, "place", "This point lies outside the city."),
        ({"latitude": "95", "longitude": "107"}, "place", "This point lies outside the city."),
        ({"submission_id": "x"}, "form", "This entry cannot be read."),
        ({"photo_ids": "unknown"}, "photos", "A photo is no longer here."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_wrong_entry_is_named_at_its_field(
    client: FlaskClient, app: Flask, changes: dict[str, str], field: str, sentence: str
) -> None:
    with app.app_context():
        create_area()
    answer = send(client, "/report", json=True, **report_fields(**changes))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.content_type.startswith("application/problem+json")
    assert answer.json is not None
    assert list(answer.json["fields"]) == [field]
    assert answer.json["fields"][field].startswith(sentence)
    page = send(client, "/report", **report_fields(**changes))
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text, "the link of the summary leads nowhere"


def test_a_bad_photo_is_told_about_and_costs_the_report_nothing(
    client: FlaskClient, app: Flask
) -> None:
    photos = [file(b"no photo", "fake.jpg"), file(photo_bytes()), file(b"", "empty.jpg")]
    answer = send(client, "/report", **report_fields(text="", photos=photos))
    assert answer.status_code == HTTPStatus.SEE_OTHER
    receipt = client.get(answer.location)
    assert "fake.jpg: This file is not a photo." in receipt.text
    assert "empty.jpg: This file is empty." in receipt.text
    report = client.get(answer.location.removesuffix("/receipt"))
    assert report.text.count("Photo being processed") == 1


def test_more_photos_than_fit_are_left_out_with_a_word(client: FlaskClient) -> None:
    photos = [file(photo_bytes()) for _ in range(6)]
    answer = send(client, "/report", json=True, **report_fields(photos=photos))
    assert answer.status_code == HTTPStatus.CREATED
    assert answer.json is not None
    assert answer.json["left_out"] == ["There are too many photos."]


def test_an_old_token_brings_the_filled_form_back(client: FlaskClient, app: Flask) -> None:
    fields = report_fields(csrf_token="stale", text="Viết rất lâu")
    answer = send(client, "/report", **fields)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "The page had been open too long." in answer.text
    assert "Viết rất lâu</textarea>" in answer.text
    assert f'value="{fields["submission_id"]}"' in answer.text
    assert stored_reports(app) == 0


def test_a_point_decides_the_ward(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        here, elsewhere = create_area("Phú Xuân"), create_area("An Cựu", corners=(108, 16, 109, 17))
    latitude, longitude = map(str, INSIDE)
    answer = send(
        client,
        "/report",
        **report_fields(latitude=latitude, longitude=longitude, area_id=str(elsewhere.id)),
    )
    page = client.get(answer.location.removesuffix("/receipt"))
    assert here.name_en is not None
    assert here.name_en in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_larger_than_allowed_is_refused(client: FlaskClient, app: Flask) -> None:
    token = {"X-CSRFToken": csrf_of(client)}
    answer = client.post("/report", data={"text": "x" * 600_000}, headers=token)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "That was too large to send" in answer.text
    assert stored_reports(app) == 0
