"""The desks and side doors: questions, notes, requests, calls, look-ups, followers, counters."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import select

from feedback.domain.consents import CURRENT
from feedback.operations.transaction import reading
from feedback.storage.models import Follower, Report
from feedback.web.context import today
from tests.canaries.flock import Kind
from tests.canaries.lives import Cast, Person
from tests.factories import create_counter, create_report
from tests.support.staff import new_client

PDF = b"%PDF-1.4\n%%EOF\n"
QUESTION = re.compile(r'href="(/r/[^"]+/questions/\d+)"')
INVITATION = re.compile(r"/c/kiosk/([\w-]+)")


def ask_and_answer(cast: Cast, person: Person) -> None:
    """The unit asks, the citizen answers, and what they wrote is read at the desk."""
    mint, number = cast.flock.mint, person.number
    cast.case_step("handler", person, "take")
    question = mint(Kind.QUESTION, number)
    cast.case_step("handler", person, "ask", question=question, text_checked="1")
    found = QUESTION.search(person.client.get(person.link).text)
    assert found
    cast.send(person.client, found[1], 303, text=mint(Kind.ANSWER, number))


def write_notes(cast: Cast, person: Person) -> None:
    """Internal notes of the unit and of the operations centre, with documents."""
    for who in ("handler", "dispatcher"):
        name = f"{cast.flock.mint(Kind.DOCUMENT, person.number)}.pdf"
        note = cast.flock.mint(Kind.INTERNAL, person.number)
        cast.case_step(who, person, "notes", text=note, documents=(io.BytesIO(PDF), name))


def ask_the_centre(cast: Cast, person: Person) -> None:
    """The unit asks for more time and for another unit, and gives the case back in the end."""
    with cast.app.app_context():
        later = (today() + timedelta(days=60)).isoformat()
    for who, step, more in (
        ("head", "extension", {"wanted_on": later}),
        ("handler", "transfer-proposal", {}),
        ("handler", "return", {}),
    ):
        reason = cast.flock.mint(Kind.INTERNAL, person.number)
        cast.case_step(who, person, step, reason=reason, **more)


def take_a_call(cast: Cast) -> Person:
    """The dispatcher writes down what somebody says on the phone; a first try is incomplete."""
    person, desk = cast.person(), cast.staff["dispatcher"]
    fields = {
        **cast.fields(person),
        "submission_id": str(uuid4()),
        "channel": "phone",
        "language": "vi",
        "consent": CURRENT.version,
    }
    refused = cast.send(desk, "/staff/intake", 422, **{**fields, "contact_phone": "khong ro"})
    assert person.email in refused.text  # nothing typed is lost
    person.code = cast.send(desk, "/staff/intake", 303, **fields).location.split("sent=")[1][:7]
    with cast.app.app_context(), reading() as session:
        token = session.scalars(select(Report.token).where(Report.code == person.code)).one()
    person.token = cast.flock.adopt(Kind.TOKEN, token, person.number)
    return person


def look_up(cast: Cast, person: Person) -> list[tuple[str, str]]:
    """Somebody looks for their report with a contact that is wrong, then with the right one."""
    client, pages = new_client(cast.app), []
    for typed, status in (
        (cast.flock.mint(Kind.TYPED), 404),
        (cast.flock.mint(Kind.PHONE, person.number), 404),
        (person.email, 303),
    ):
        answer = cast.send(client, "/find", status, code=person.code, contact=typed)
        if status == 404:
            pages.append(("/find as it was sent", answer.text.replace(typed, "")))
    return pages


def follow(cast: Cast, followed: Person) -> Person:
    """Somebody else wants news of a published report, and confirms the address."""
    person = cast.person()
    person.email = cast.flock.mint(Kind.EMAIL, person.number)
    news = f"/reports/{followed.code}/news"
    cast.send(person.client, f"/reports/{followed.code}/follow", 303)
    cast.send(person.client, news, 422, email=f"{cast.flock.mint(Kind.NAME, person.number)} @")
    cast.send(person.client, news, 303, email=person.email, consent="1")
    with cast.app.app_context(), reading() as session:
        token = session.scalars(select(Follower.token).order_by(Follower.id.desc())).first()
    assert token
    letter = cast.flock.adopt(Kind.TOKEN, token, person.number)
    cast.send(new_client(cast.app), f"/following/{letter}/confirm", 303)
    return person


def rate_a_counter(cast: Cast) -> None:
    """A kiosk is set up at a counter, and people say there what they think."""
    with cast.app.app_context():
        counter = create_counter(cast.town.unit)
    page = f"/admin/counters/{counter.id}"
    desk, device = cast.staff["administrator"], new_client(cast.app)
    cast.send(desk, f"{page}/kiosks", 303, kiosk_name="Máy ở cửa")
    shown = INVITATION.search(desk.get(page).text)
    assert shown
    invitation = cast.flock.adopt(Kind.KEY, shown[1])
    cast.send(device, f"/c/kiosk/{invitation}", 303)
    kept = device.get_cookie("kiosk")
    assert kept
    cast.flock.adopt(Kind.KEY, kept.value)
    for client in (device, new_client(cast.app)):
        thanks = cast.send(client, f"/c/{counter.code}", 303, level="dissatisfied").location
        cast.flock.adopt(Kind.TOKEN, urlsplit(thanks).path.rpartition("/")[2])
        comment = cast.flock.mint(Kind.COMMENT)
        cast.send(client, thanks, 303, level="dissatisfied", comment=comment)


def correct_a_report(cast: Cast, work: Callable[[], None]) -> None:
    """The supervisor has a month printed, finds a figure wrong, and says why it is corrected."""
    then = datetime.now(UTC).replace(hour=5) - timedelta(days=40)
    with cast.app.app_context():
        create_report(now=then)
    board = cast.staff["supervisor"]
    ordered = cast.send(board, "/supervisor/reports", 303, period=f"{then:%Y-%m}").location
    work()
    reason = cast.flock.mint(Kind.INTERNAL)
    further = cast.send(board, f"{ordered}/corrections", 303, reason=reason).location
    work()
    assert reason in board.get(further).text
