"""Imports of another system's reports, at every stage."""

import io
from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.states import Role
from feedback.operations.check_import import check_import
from feedback.operations.send_import import send_import
from feedback.operations.transaction import reading
from feedback.storage.models import ReportImport
from feedback.storage.queries import imports
from tests.factories.accounts import actor_of, create_account
from tests.factories.base import MONDAY, the_city

HEADING = "id,sent,done,due,topic,office,state"
GOOD = "1,2026-02-02T08:00:00,2026-02-03T09:00:00,2026-02-10T17:00:00,Rác thải,HEPCO,Closed"
BAD = "2,2026-02-02T08:00:00,2026-02-01T09:00:00,2026-02-10T17:00:00,Rác thải,HEPCO,Closed"
CONTENT = "\n".join([HEADING, GOOD, BAD]).encode()
BROKEN_FURTHER_DOWN = CONTENT + b"\n" * 100_000 + b"3,\xff"
MOST = 1024 * 1024
MAPPING = """
source = "old"
time_zone = "Asia/Ho_Chi_Minh"
clock = "round_the_clock"
service_level = "LEVEL"
create_missing = true
[columns]
id = "id"
received = "sent"
closed = "done"
due = "due"
category = "topic"
unit = "office"
status = "state"
[statuses]
Closed = "fixed"
Open = "open"
"""


def mapping_for(level_code: str) -> str:
    """A mapping of `CONTENT` that promises by a service level."""
    return MAPPING.replace("LEVEL", level_code)


def create_import(
    level_code: str,
    *,
    content: bytes = CONTENT,
    by: Actor | None = None,
    checked: bool = True,
    now: datetime = MONDAY,
) -> int:
    """The id of a file that an administrator sent, looked at by its job or not yet."""
    import_id = send_import(
        io.BytesIO(content), len(content), "old.csv",
        mapping=mapping_for(level_code), most=MOST,
        actor=by or actor_of(create_account(Role.ADMINISTRATOR)), city=the_city(), now=now,
    )  # fmt: skip
    if checked:
        check_import(import_id, city=the_city(), now=now)
    return import_id


def import_as_it_is(import_id: int) -> ReportImport:
    """The import as it stands now."""
    with reading() as session:
        session.expire_all()
        found = imports.one(session, import_id)
        assert found is not None
        session.refresh(found)
        session.expunge(found)
    return found
