"""The demo city's accounts: two people or more in every unit, and those of the whole city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from feedback.demo.data_files import read
from feedback.demo.logins import PASSWORD
from feedback.domain.states import Role, UnitKind
from feedback.domain.text import fold
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key
from feedback.operations.passwords import hash_password
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, Unit
from feedback.storage.queries import units

HANDLERS = {UnitKind.OFFICE: 2, UnitKind.WARD: 1, UnitKind.UTILITY: 2}
BIG_UNITS = {"hepco": 4, "quan-ly-ha-tang": 4, "so-xay-dung": 3, "cong-vien-cay-xanh": 3}
WHOLE_CITY = (
    ("dieuphoi1", Role.DISPATCHER),
    ("dieuphoi2", Role.DISPATCHER),
    ("giamsat", Role.SUPERVISOR),
    ("quantri", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One account to be made; `unit_id` is None for those of the whole city."""

    login: str
    role: Role
    unit_id: int | None


def write_accounts(city: City, *, seed: int, now: datetime) -> None:
    """Make every account of the demo city, all with the one demo password.

    One hash serves them all: hashing is slow on purpose, and this password is no secret.
    """
    random = Random(f"{seed}:staff")
    password_hash = hash_password(PASSWORD)
    with transaction(city) as session:
        today = now.astimezone(city.zone).date()
        in_force = sorted(units.units_on(session, today), key=lambda unit: unit.id)
        for seat in _seats(in_force):
            account = Account(
                login=seat.login,
                name=person(random),
                email=f"{seat.login}@example.com",
                password_hash=password_hash,
                role=seat.role,
                unit_id=seat.unit_id,
                active=True,
                session_key=new_session_key(),
                created_at=now - timedelta(days=200),
            )
            session.add(account)
            session.flush()
            if seat.role is Role.HEAD:
                unit = session.get_one(Unit, seat.unit_id)
                unit.head_account_id = account.id
                unit.duty_phone = f"0900 000 {random.randint(100, 999)}"
                unit.duty_email = f"truc.{login_of(unit)}@example.com"


def person(random: Random) -> str:
    """A made-up name."""
    people = read("texts/common")["people"]
    return " ".join(random.choice(people[part]) for part in ("family", "middle", "given"))


def login_of(unit: Unit) -> str:
    """How the logins of a unit's people begin: its short name without marks and blanks."""
    return "".join(sign for sign in fold(unit.short_name) if sign.isalnum())


def _seats(units: list[Unit]) -> Iterator[Seat]:
    for login, role in WHOLE_CITY:
        yield Seat(login, role, None)
    for unit in units:
        yield Seat(f"{login_of(unit)}.truong", Role.HEAD, unit.id)
        for number in range(1, BIG_UNITS.get(unit.code, HANDLERS[unit.kind]) + 1):
            yield Seat(f"{login_of(unit)}.{number}", Role.HANDLER, unit.id)
