"""Sessions of staff and the record of who tried to sign in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from feedback.domain.sign_ins import FAILURES, IDLE, LONGEST
from feedback.storage.models import (
    Account,
    RecoveryCode,
    SecondFactor,
    SignInEvent,
    StaffSession,
)


def open_session(session: Session, key_hash: str) -> StaffSession | None:
    """The session with this key, with its account and unit, if its account lets it go on.

    Whether its time is over is for the caller to say.
    """
    return session.scalar(
        select(StaffSession)
        .join(StaffSession.account)
        .where(
            StaffSession.key_hash == key_hash,
            StaffSession.account_key == Account.session_key,
            Account.active,
        )
        .options(contains_eager(StaffSession.account).joinedload(Account.unit))
    )


def sessions_of(session: Session, account_id: int, now: datetime) -> Sequence[StaffSession]:
    """The sessions of an account that go on, the last seen first."""
    return session.scalars(
        select(StaffSession)
        .join(StaffSession.account)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.account_key == Account.session_key,
            StaffSession.created_at > now - LONGEST,
            StaffSession.last_seen_at > now - IDLE,
        )
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc())
    ).all()


def remove_ended_sessions(session: Session, now: datetime, account_id: int | None = None) -> int:
    """Delete the sessions whose time is over, of one account or of all; returns how many."""
    over = delete(StaffSession).where(
        or_(
            StaffSession.created_at <= now - LONGEST,
            StaffSession.last_seen_at <= now - IDLE,
        )
    )
    if account_id is not None:
        over = over.where(StaffSession.account_id == account_id)
    return _removed(session, over)


def remove_other_sessions(session: Session, account_id: int, kept_id: int) -> int:
    """Delete every session of an account but one; returns how many."""
    others = delete(StaffSession).where(
        StaffSession.account_id == account_id, StaffSession.id != kept_id
    )
    return _removed(session, others)


def events_of(session: Session, account_id: int, limit: int) -> Sequence[SignInEvent]:
    """What was last noted about one account."""
    return session.scalars(
        select(SignInEvent)
        .where(SignInEvent.account_id == account_id)
        .order_by(SignInEvent.id.desc())
        .limit(limit)
    ).all()


def events(
    session: Session,
    *,
    limit: int,
    account_id: int | None = None,
    failures: bool = False,
    before_id: int | None = None,
) -> Sequence[SignInEvent]:
    """What was noted about all accounts or one, the newest first, older than `before_id`."""
    found = select(SignInEvent).options(joinedload(SignInEvent.account))
    if account_id is not None:
        found = found.where(SignInEvent.account_id == account_id)
    if failures:
        found = found.where(SignInEvent.kind.in_(FAILURES))
    if before_id is not None:
        found = found.where(SignInEvent.id < before_id)
    return session.scalars(found.order_by(SignInEvent.id.desc()).limit(limit)).all()


def remove_events_before(session: Session, moment: datetime) -> int:
    """Forget what was noted before a moment; returns how many lines."""
    old = delete(SignInEvent).where(SignInEvent.at < moment)
    return _removed(session, old)


def second_factor(session: Session, account_id: int) -> SecondFactor | None:
    """What makes an account's codes, locked until the transaction ends."""
    return session.get(SecondFactor, account_id, with_for_update=True, populate_existing=True)


def has_second_factor(session: Session, account_id: int) -> bool:
    """Whether an account's codes are asked for."""
    found = session.get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes of an account have not been used."""
    left = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def remove_recovery_codes(session: Session, account_id: int) -> None:
    """Delete every recovery code of an account, used or not."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _removed(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount
