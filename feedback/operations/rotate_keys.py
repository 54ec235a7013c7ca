"""Everything sealed is sealed anew under the newest key, so that older keys can be put away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.domain.privacy import PrivacyDeed
from feedback.operations.city import City
from feedback.operations.followers import address_of, write_address
from feedback.operations.privacy_record import note_deed
from feedback.operations.reporters import contact_of, write_contact
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Follower, Reporter, SecondFactor
from feedback.storage.queries import sealed_values

BATCH = 200
TOTP = "totp"
Reseal = Callable[[Any, City], None]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed values, and how one of its rows is sealed anew."""

    column: InstrumentedAttribute[Any]
    reseal: Reseal
    holds_plain_rows: bool = False  # NULL is a row from before sealing, not an absent value


def _contact_anew(row: Reporter, city: City) -> None:
    write_contact(row, contact_of(row, city=city), city=city)


def _second_factor_anew(row: SecondFactor, city: City) -> None:
    row.sealed_secret = city.seal.seal(city.seal.open(row.sealed_secret, TOTP), TOTP)


def _follower_anew(row: Follower, city: City) -> None:
    write_address(row, address_of(row, city=city), city=city)


# A new column of sealed values is a line here; a test knows when one is missing.
SEALED_COLUMNS: Sequence[SealedColumn] = (
    SealedColumn(Reporter.sealed, _contact_anew, holds_plain_rows=True),
    SealedColumn(Follower.sealed, _follower_anew),
    SealedColumn(SecondFactor.sealed_secret, _second_factor_anew),
)


def rotate_keys(*, city: City, now: datetime) -> Iterator[tuple[int, int]]:
    """Seal anew, batch by batch, what is not sealed under the newest key; yields (done, to do).

    Each batch is committed. Broken off it goes on from there when it is called again; a value
    written meanwhile is sealed under the newest key anyway. Raises CannotOpen for a value whose key
    is not configured; the batches before it stay done.
    """
    mark, done = city.seal.newest_mark, 0
    with reading() as session:
        total = sum(_waiting(session, sealed, mark) for sealed in SEALED_COLUMNS)
    yield 0, total
    for sealed in SEALED_COLUMNS:
        while True:
            with transaction(city) as session:
                rows = sealed_values.older(
                    session, sealed.column, mark, BATCH, with_null=sealed.holds_plain_rows
                )
                for row in rows:
                    sealed.reseal(row, city)
            if not rows:
                break
            done += len(rows)
            yield done, max(total, done)
    if done:
        with transaction(city) as session:
            note_deed(session, PrivacyDeed.KEYS_ROTATED, now, data={"values": done})


def _waiting(session: Session, sealed: SealedColumn, mark: str) -> int:
    return sealed_values.count_older(
        session, sealed.column, mark, with_null=sealed.holds_plain_rows
    )
