"""Between a right password and the code that follows it: remembered in the signed cookie.

It opens nothing by itself, is worth ten minutes, and ends when the account's key changes.
"""

import time
from dataclasses import asdict, dataclass
from typing import Any

from flask import session

from feedback.operations.log_in import Needs
from feedback.web.sessions import forget

SECONDS = 600
_NAME = "between"


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose password was right, what is still needed, and where they wanted to go."""

    account_id: int
    account_key: str
    login: str
    needs: Needs
    wanted: str
    begun: int


def remember(account_id: int, account_key: str, login: str, needs: Needs, wanted: str) -> None:
    """Begin the wait for a code, in a cookie that has nothing of the one before."""
    forget()
    session[_NAME] = asdict(
        Pending(account_id, account_key, login, needs, wanted, int(time.time()))
    )


def pending(needs: Needs) -> Pending | None:
    """Who is to give such a code, if anybody is and the time is not over."""
    kept: Any = session.get(_NAME)
    if not isinstance(kept, dict):
        return None
    found = Pending(**kept)
    in_time = 0 <= time.time() - found.begun < SECONDS
    return found if in_time and found.needs == needs else None
