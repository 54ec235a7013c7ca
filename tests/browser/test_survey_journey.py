"""A survey: answered from a QR code on a phone without scripts, and typed in by keyboard."""

from flask import Flask
from playwright.sync_api import expect

from feedback.operations.transaction import reading
from feedback.storage.models import Survey
from feedback.storage.queries import surveys
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import World
from tests.factories import create_instrument, create_survey
from tests.support.browser import OpenPage, assert_accessible, assert_fits
from tests.support.words import words_of

say = words_of("vi")


def test_a_survey_is_answered_on_a_phone_and_typed_in_by_keyboard(
    open_page: OpenPage, world: World, town_app: Flask
) -> None:
    with town_app.app_context():
        asked = create_instrument()
        survey_id = create_survey(asked)
        with reading() as session:
            code = session.get_one(Survey, survey_id).code
    phone = open_page(javascript=False)
    phone.goto(f"/s/{code}?qr")
    assert_fits(phone)
    phone.locator(f"input[name=item_{asked.items['waiting']}][value='2']").check()
    phone.get_by_label("Góp ý").fill("Nên có thêm ghế")
    phone.get_by_role("button", name=say("Send the answers")).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        say("Thank you. Your answers are kept.")
    )

    desk = signed_in(open_page, world.dispatcher)
    desk.goto(f"/staff/interviews/{survey_id}?channel=phone")
    expect(desk.locator(f"#item_{asked.items['waiting']}")).to_be_focused()
    desk.keyboard.type("502")  # very satisfied, no opinion, the second age
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text(say("The questionnaire is kept. The next one:"))).to_be_visible()
    with town_app.app_context(), reading() as session:
        assert {str(k): n for k, n in surveys.by_channel(session, survey_id).items()} == {
            "qr": 1,
            "phone": 1,
        }
