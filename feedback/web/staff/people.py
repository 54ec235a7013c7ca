"""Who is at the desk."""

from werkzeug.exceptions import Unauthorized

from feedback.domain.actors import Actor
from feedback.domain.states import Role
from feedback.web import sessions


def current() -> sessions.SignedIn:
    """The signed-in member of staff; the guards of these pages let nobody else in."""
    person = sessions.signed_in()
    if person is None:
        raise Unauthorized
    return person


def current_actor() -> Actor:
    """The same as the actor that operations take."""
    actor = sessions.current_actor()
    if actor is None:
        raise Unauthorized
    return actor


def is_dispatcher() -> bool:
    """Whether the operations centre is at the desk."""
    return current().role is Role.DISPATCHER
