"""A password or a second factor is changed by somebody else than its owner, who is told of it."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.notices import NoticeKind
from feedback.domain.reference_changes import ChangeAction
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key, record_account
from feedback.operations.recipients import staff
from feedback.operations.write_notices import Wanted, write_notices
from feedback.storage.models import Account

log = structlog.get_logger()


def give_password(
    session: Session,
    account: Account,
    password_hash: str,
    *,
    one_time: bool,
    by: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Put another password into force in the transaction of the caller, who has locked the account.

    Its sessions end. A `one_time` password opens only the page on which it is replaced.
    """
    account.password_hash = password_hash
    account.password_given = one_time
    account.session_key = new_session_key()
    record_account(session, account, None, ChangeAction.NEW_PASSWORD, by=by, now=now, note=note)
    tell_owner(session, account, NoticeKind.PASSWORD_GIVEN, city, now)
    log.info("password_changed", account_id=account.id)


def tell_owner(
    session: Session, account: Account, kind: NoticeKind, city: City, now: datetime
) -> None:
    """Write a notice to an account's owner, if an address is known: it may not have been asked for
    by them."""
    occasion = f"at-{now.isoformat()}"
    wanted = [Wanted(kind, owner, occasion) for owner in staff([account], None)]
    write_notices(session, wanted, city, now)
