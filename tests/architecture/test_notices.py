"""Every kind of history entry is told to somebody, or to nobody for a reason."""

from feedback.domain.histories import HistoryKind
from feedback.domain.notices import (
    OF_ACCOUNTS,
    OF_FOLLOWINGS,
    OF_PERIODS,
    REMINDERS,
    TOLD,
    TOLD_TO_NOBODY,
    NoticeKind,
)
from feedback.jobs.letters import to_staff
from feedback.jobs.letters.writing import LETTERS


def test_every_kind_of_entry_stands_in_one_of_the_two_tables() -> None:
    undecided = set(HistoryKind) - set(TOLD) - set(TOLD_TO_NOBODY)
    assert not undecided, "decide in feedback/domain/notices.py who is told of these, or why nobody"
    assert not set(TOLD) & set(TOLD_TO_NOBODY)
    assert all(TOLD.values())
    assert all(TOLD_TO_NOBODY.values())


def test_every_notice_has_its_letter_and_its_occasion() -> None:
    of_entries = {told.notice for tolds in TOLD.values() for told in tolds}
    others = REMINDERS | OF_ACCOUNTS | OF_FOLLOWINGS | OF_PERIODS
    assert of_entries | others == set(NoticeKind)
    assert not of_entries & others
    assert not REMINDERS & OF_ACCOUNTS
    assert set(LETTERS) == of_entries
    assert set(to_staff.LISTS) == REMINDERS
    assert set(to_staff.OF_ACCOUNTS) == OF_ACCOUNTS
    assert set(to_staff.OF_PERIODS) == OF_PERIODS
