"""The record of signing in, in words."""

from types import SimpleNamespace

from flask_babel import lazy_gettext as _l

from feedback.domain.sign_ins import FAILURES, SignInKind
from feedback.storage.models import SignInEvent

K = SignInKind
WORDS = {
    K.SIGNED_IN: _l("Logged in"),
    K.SIGNED_IN_WITH_RECOVERY_CODE: _l("Logged in with a recovery code"),
    K.WRONG_PASSWORD: _l("Wrong password"),
    K.UNKNOWN_LOGIN: _l("Unknown login"),
    K.WRONG_CODE: _l("Wrong code"),
    K.HELD_OFF: _l("Held off after too many tries"),
    K.SIGNED_OUT: _l("Logged out"),
    K.SESSION_ENDED: _l("A session was ended"),
    K.OTHER_SESSIONS_ENDED: _l("All other sessions were ended"),
    K.PASSWORD_CHANGED: _l("Password changed"),
    K.SECOND_FACTOR_SET: _l("Second factor set up"),
    K.SECOND_FACTOR_REMOVED: _l("Second factor removed"),
    K.SECOND_FACTOR_RESET: _l("Second factor reset by an administrator"),
    K.RECOVERY_CODES_MADE: _l("New recovery codes made"),
}


def line_of(event: SignInEvent) -> SimpleNamespace:
    """One line of the record as a page shows it."""
    return SimpleNamespace(
        at=event.at,
        words=WORDS[event.kind],
        failure=event.kind in FAILURES,
        device=event.device,
        network=event.network,
    )
