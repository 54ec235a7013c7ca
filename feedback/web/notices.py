"""Notices in words: what was told, to whom, and how far that came."""

from feedback.domain.notices import GivenUp, NoticeKind, NoticeState, Recipient
from feedback.wording import _


def kind_word(kind: NoticeKind) -> str:
    """What a notice says, in a few words."""
    return {
        NoticeKind.RECEIVED: _("Receipt"),
        NoticeKind.DISPATCHED: _("Sent to a unit"),
        NoticeKind.QUESTION: _("A question"),
        NoticeKind.CLOSED: _("The result"),
        NoticeKind.PROMISE_KEPT: _("What was promised is done"),
        NoticeKind.LETTER: _("Letter of apology"),
        NoticeKind.REOPENED: _("Reopened"),
        NoticeKind.REJECTED: _("Not accepted"),
        NoticeKind.DUPLICATE: _("Repeats another report"),
        NoticeKind.OF_ITS_OWN: _("Handled by itself again"),
        NoticeKind.EXTENDED: _("A later deadline"),
        NoticeKind.FOLLOWED_CLOSED: _("The result of what is followed"),
        NoticeKind.ASSIGNED: _("A case for you"),
        NoticeKind.SENT_BACK: _("An answer was sent back to you"),
        NoticeKind.RETURNED: _("A case was returned"),
        NoticeKind.QUESTION_ANSWERED: _("The citizen answered your question"),
        NoticeKind.REQUESTED: _("A unit asks for a decision"),
        NoticeKind.REQUEST_REFUSED: _("Your request was refused"),
        NoticeKind.DUE_TOMORROW: _("Due tomorrow"),
        NoticeKind.OVERDUE: _("Overdue"),
        NoticeKind.ESCALATED: _("Overdue for days"),
        NoticeKind.CONFIRM_FOLLOWING: _("Whether news are wanted"),
        NoticeKind.PASSWORD_GIVEN: _("Your password was reset"),
        NoticeKind.SECOND_FACTOR_RESET: _("Your second factor was reset"),
    }[kind]


def recipient_word(recipient: Recipient) -> str:
    """Who a notice is for; nobody's name or address."""
    return {
        Recipient.REPORTER: _("to the reporter"),
        Recipient.ACCOUNT: _("to staff"),
        Recipient.UNIT: _("to the unit's duty contact"),
        Recipient.FOLLOWER: _("to somebody who follows it"),
    }[recipient]


def state_word(state: NoticeState, problem: GivenUp | None) -> str:
    """How far a notice came, with the reason when it was given up."""
    if problem is None:
        return _("sent") if state is NoticeState.SENT else _("waits to be sent")
    return {
        GivenUp.NO_ADDRESS: _("given up: there is no address any more"),
        GivenUp.BAD_ADDRESS: _("given up: the address cannot be written to"),
        GivenUp.ADDRESS_REFUSED: _("given up: the address does not exist"),
        GivenUp.MESSAGE_REFUSED: _("given up: the message was refused"),
    }[problem]
