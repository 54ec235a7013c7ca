"""Lives of reports through the product's own forms, with a canary in every private field."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.consents import CURRENT
from feedback.domain.states import Role, VisibilityPolicy
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, Category
from tests.canaries.flock import Flock, Kind
from tests.factories import create_account, create_category, create_rule, the_city
from tests.operations.lives import Town, create_town
from tests.support.photos import photo_bytes
from tests.support.staff import csrf_token, new_client, sign_in, version_on


@dataclass(slots=True)
class Person:
    """A citizen with a browser of their own, and the report they have sent."""

    number: int
    client: FlaskClient
    email: str
    phone: str
    code: str = ""
    token: str = ""

    @property
    def link(self) -> str:
        """Their secret link."""
        return f"/r/{self.code}/{self.token}"


class Cast:
    """The people of a small town, each with a browser, and what was answered to them in error."""

    def __init__(self, app: Flask, flock: Flock) -> None:
        self.app, self.flock = app, flock
        self.refusals: list[tuple[str, str]] = []
        self._tokens: dict[FlaskClient, str] = {}
        with app.app_context():
            self.town: Town = create_town(
                visibility_policy=VisibilityPolicy.NEVER,
                evidence_needed=False,
                approval_needed=True,
            )
            self.open_category: Category = create_category("Đèn đường", evidence_needed=False)
            create_rule(self.town.unit, category=self.open_category)
            people = {
                "handler": self.town.handler,
                "head": self.town.head,
                "dispatcher": self.town.dispatcher,
                "supervisor": create_account(Role.SUPERVISOR),
                "administrator": create_account(Role.ADMINISTRATOR),
            }
            with transaction(the_city()) as session:
                for name, account in people.items():
                    session.get_one(Account, account.id).email = f"{name}@city.example"
        self.staff: dict[str, FlaskClient] = {}
        self.accounts: dict[str, Account] = people
        for name, account in people.items():
            self.staff[name] = sign_in(app, account)

    def person(self) -> Person:
        """Somebody new."""
        number = len([one for one in self.flock.all if one.kind is Kind.NAME]) + 1
        client = new_client(self.app)
        return Person(number, client, "", "")

    def send(self, client: FlaskClient, path: str, expected: int, **fields: Any) -> TestResponse:
        """Send a form with the token of its session; an answer of 400 and more is kept."""
        headers = fields.pop("headers", {})
        token = self._tokens.get(client) or csrf_token(client)
        self._tokens[client] = token
        answer = client.post(
            path,
            data={"csrf_token": token, **fields},
            headers=headers,
            content_type="multipart/form-data",
        )
        assert answer.status_code == expected, (path, answer.status_code, answer.text[:2000])
        return answer

    def case_step(self, who: str, person: Person, step: str, **fields: Any) -> None:
        """Take a step on a case as its page offers it."""
        client = self.staff[who]
        address = f"/staff/reports/{person.code}"
        version = version_on(client.get(address).text)
        self.send(client, f"{address}/{step}", 303, version=version, **fields)

    def contact(self, person: Person) -> dict[str, str]:
        """What somebody types about themselves."""
        mint, number = self.flock.mint, person.number
        person.email, person.phone = mint(Kind.EMAIL, number), mint(Kind.PHONE, number)
        return {
            "contact_name": mint(Kind.NAME, number),
            "contact_email": person.email,
            "contact_phone": person.phone,
            "consent": CURRENT.version,
        }

    def fields(self, person: Person, *, public: bool = False) -> dict[str, Any]:
        """A report with a canary in every field that holds one; a public one says what all see."""
        mint, number = self.flock.mint, person.number
        category = self.open_category if public else self.town.category
        return {
            "submission_id": self.flock.adopt(Kind.FORM, str(uuid4()), number),
            "category_id": str(category.id),
            "area_id": str(self.town.area.id),
            "address_text": "12 Lê Lợi" if public else mint(Kind.ADDRESS, number),
            "text": "Đèn đường hỏng" if public else mint(Kind.TEXT, number),
            **self.contact(person),
        }

    def report(self, *, public: bool = False, photo: bool = False) -> Person:
        """Somebody sends a report."""
        person = self.person()
        fields = self.fields(person, public=public)
        if photo:
            fields["photos"] = (io.BytesIO(photo_bytes(f"rgb({person.number},9,9)")), "a.jpg")
        answer = self.send(person.client, "/report", 303, **fields)
        _, _, person.code, token, _ = answer.location.split("/")
        person.token = self.flock.adopt(Kind.TOKEN, token, person.number)
        return person

    def close(self, person: Person) -> None:
        """The unit answers, the head approves; once it went back with internal words."""
        self.case_step("handler", person, "take")
        answer = {"outcome": "fixed", "text": "Đã thu gom xong.", "text_checked": "1"}
        self.case_step("handler", person, "answer", **answer)
        reason = self.flock.mint(Kind.INTERNAL, person.number)
        self.case_step("head", person, "send-back", reason=reason)
        self.case_step("handler", person, "answer", **answer)
        self.case_step("head", person, "approve")

    def rate(self, person: Person) -> None:
        """The reporter is not satisfied, and says why."""
        comment = self.flock.mint(Kind.COMMENT, person.number)
        self.send(
            person.client, f"{person.link}/rating", 303, level="dissatisfied", comment=comment
        )

    def reopen(self, person: Person) -> None:
        """The reporter has it taken up again."""
        reason = self.flock.mint(Kind.REASON, person.number)
        self.send(person.client, f"{person.link}/reopen", 303, reason=reason)

    def withdraw(self, person: Person) -> None:
        """The reporter takes it back."""
        reason = self.flock.mint(Kind.REASON, person.number)
        self.send(person.client, f"{person.link}/withdraw", 303, reason=reason)

    def look(self, person: Person) -> TestResponse:
        """The dispatcher looks at who it is, and says why."""
        return self.send(
            self.staff["dispatcher"],
            f"/staff/reports/{person.code}/identity",
            200,
            identity_reason=self.flock.mint(Kind.INTERNAL, person.number),
        )
