"""Staff keep an address of the queue under a name, for themselves or for their unit."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid, NotAllowed, NotFound
from feedback.operations.city import City
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import SavedView
from feedback.storage.queries import saved_views

MAX_VIEW_NAME = 60
MAX_PARAMETERS = 500
MOST_VIEWS = 30


def save_view(
    name: str, parameters: str, *, shared: bool, actor: Actor, city: City, now: datetime
) -> int:
    """Keep the parameters of an address and return the view's id.

    `shared` shows it to everybody of the actor's unit. Raises NotAllowed for somebody without an
    account, Invalid naming `name` or `shared`.
    """
    if actor.account_id is None:
        raise NotAllowed("step_not_yours")
    name = _name(name)
    if len(parameters) > MAX_PARAMETERS:
        raise Invalid({"name": "too_long"})
    with transaction(city) as session:
        if saved_views.count_of(session, actor.account_id) >= MOST_VIEWS:
            raise Invalid({"name": "too_many_views"})
        view = SavedView(
            account_id=actor.account_id,
            unit_id=_unit_of(actor, shared),
            name=name,
            parameters=parameters,
            created_at=now,
        )
        session.add(view)
        session.flush()
        return view.id


def rename_view(view_id: int, name: str, *, shared: bool, actor: Actor, city: City) -> None:
    """Give one's own view another name, share it or keep it to oneself.

    Raises NotFound for anybody else's, Invalid naming `name` or `shared`.
    """
    name = _name(name)
    with transaction(city) as session:
        view = _own(session, view_id, actor)
        view.name = name
        view.unit_id = _unit_of(actor, shared)


def remove_view(view_id: int, *, actor: Actor, city: City) -> None:
    """Forget one's own view. Raises NotFound for anybody else's."""
    with transaction(city) as session:
        session.delete(_own(session, view_id, actor))


def _own(session: Session, view_id: int, actor: Actor) -> SavedView:
    view = saved_views.own(session, view_id, actor.account_id or 0)
    if view is None:
        raise NotFound("view_not_found")
    return view


def _name(name: str) -> str:
    fields = Fields()
    clean = fields.line("name", name, MAX_VIEW_NAME)
    fields.raise_all()
    return clean


def _unit_of(actor: Actor, shared: bool) -> int | None:
    if shared and actor.unit_id is None:
        raise Invalid({"shared": "no_unit_to_share_with"})
    return actor.unit_id if shared else None
