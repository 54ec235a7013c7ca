"""Letters of apology in the demo city: a draft for each late case, the first ones signed."""

from datetime import datetime

from sqlalchemy import select

from feedback.demo.data_files import read
from feedback.domain.actors import Actor
from feedback.domain.letters import UNSIGNED
from feedback.domain.states import ActorKind, Role
from feedback.operations.city import City
from feedback.operations.draft_letters import draft_letters
from feedback.operations.edit_letter import LetterDraft
from feedback.operations.print_letter import print_letter
from feedback.operations.save_letter_template import (
    LIMITS,
    LetterTemplateDraft,
    add_letter_template,
)
from feedback.operations.sign_letter import sign_letter
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Letter, Report

SIGNED = 6  # each is printed, and a city wants to be loaded quickly


def write_letter_template(city: City, *, administrator: Actor, now: datetime) -> None:
    """Keep the text that letters say from a day on."""
    told = read("texts/common")["letter"]
    draft = LetterTemplateDraft(
        valid_from=now.astimezone(city.zone).date(),
        **{name: told[name] for name in LIMITS},
    )
    add_letter_template(draft, actor=administrator, city=city, now=now)


def write_letters(city: City, now: datetime) -> None:
    """Draft what is late now, and have the heads of the first ones sign, each with a reason."""
    draft_letters(city=city, now=now)
    reasons = read("texts/common")["letter"]["reasons"]
    with reading() as session:
        query = (
            select(Letter, Account)
            .join(Account, Account.unit_id == Letter.unit_id)
            .join(Report, Report.id == Letter.report_id)
            .where(Letter.state.in_(UNSIGNED), Account.role == Role.HEAD)
            # Not by number first: in how many processes the city was made must not show.
            .order_by(Letter.due.desc(), Report.received_at, Letter.id)
            .limit(SIGNED * 2)
        )
        # Every second one, so that heads find both kinds on their desks.
        chosen = [
            (letter.id, letter.new_date, Actor(ActorKind.STAFF, head.id, head.role, head.unit_id))
            for letter, head in session.execute(query).all()[::2]
        ]
    for number, (letter_id, new_date, head) in enumerate(chosen):
        sign_letter(
            letter_id,
            LetterDraft(reason=reasons[number % len(reasons)], new_date=new_date),
            text_checked=True,
            version=None,
            actor=head,
            city=city,
            now=now,
        )
        print_letter(letter_id, city=city, now=now)
