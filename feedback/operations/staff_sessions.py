"""The sessions of staff: begun, kept alive, looked at and ended."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback.domain.errors import NotFound
from feedback.domain.sign_ins import SEEN_EVERY, Origin, SignInKind
from feedback.operations.city import City
from feedback.operations.sign_in_record import note
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, StaffSession
from feedback.storage.queries import sign_ins


def begin_session(
    session: Session,
    account: Account,
    kind: SignInKind,
    origin: Origin,
    now: datetime,
    *,
    with_second_factor: bool,
) -> str:
    """Begin a session in the transaction that let its owner in; returns the key of its cookie."""
    key = secrets.token_urlsafe(32)
    sign_ins.remove_ended_sessions(session, now, account.id)
    session.add(
        StaffSession(
            account_id=account.id,
            key_hash=key_hash(key),
            account_key=account.session_key,
            created_at=now,
            last_seen_at=now,
            network=origin.network,
            device=origin.device[:60],
            with_second_factor=with_second_factor,
        )
    )
    account.last_login_at = now
    note(session, kind, account.id, origin, now)
    return key


def keep_alive(session_id: int, *, city: City, now: datetime) -> None:
    """Note that a session is in use, at most once in `SEEN_EVERY`."""
    with transaction(city) as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.id == session_id, StaffSession.last_seen_at <= now - SEEN_EVERY)
            .values(last_seen_at=now)
            .execution_options(synchronize_session=False)
        )


def sign_out(session_id: int, *, origin: Origin, city: City, now: datetime) -> None:
    """End a session by its owner's wish: a copy of its cookie is worth nothing afterwards."""
    with transaction(city) as session:
        found = session.get(StaffSession, session_id)
        if found is not None:
            session.delete(found)
            note(session, SignInKind.SIGNED_OUT, found.account_id, origin, now)


def end_session(
    session_id: int, *, account_id: int, origin: Origin, city: City, now: datetime
) -> None:
    """End one of an account's sessions. Raises NotFound when it has no such session."""
    with transaction(city) as session:
        found = session.get(StaffSession, session_id)
        if found is None or found.account_id != account_id:
            raise NotFound("session_not_found")
        session.delete(found)
        note(session, SignInKind.SESSION_ENDED, account_id, origin, now)


def end_other_sessions(
    session_id: int, *, account_id: int, origin: Origin, city: City, now: datetime
) -> int:
    """End all of an account's sessions but this one; returns how many there were."""
    with transaction(city) as session:
        ended = sign_ins.remove_other_sessions(session, account_id, session_id)
        note(session, SignInKind.OTHER_SESSIONS_ENDED, account_id, origin, now)
    return ended


def key_hash(key: str) -> str:
    """What is stored of a session's key: whoever reads the table cannot make the cookie."""
    return hashlib.sha256(key.encode()).hexdigest()
