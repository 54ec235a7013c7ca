"""Somebody asks for the reports of a kind, or wants them no longer."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid, NotAllowed
from feedback.domain.period_reports import KINDS
from feedback.domain.periods import PeriodKind
from feedback.operations.city import City
from feedback.operations.order_period_report import check_scope
from feedback.operations.transaction import transaction
from feedback.storage.models import ReportSubscription
from feedback.storage.queries import period_reports

LANGUAGES = ("vi", "en")


def subscribe_to_reports(
    *, kind: PeriodKind, scope: str, language: str, actor: Actor, city: City, now: datetime
) -> None:
    """Send the actor every coming report of a kind over the city or a unit, in a language.

    Asked for again it changes the language. Raises NotAllowed, and Invalid naming `kind`, `scope`
    or `language`.
    """
    account_id = _reader(actor)
    if kind not in KINDS:
        raise Invalid({"kind": "unknown"})
    if language not in LANGUAGES:
        raise Invalid({"language": "unknown"})
    with transaction(city) as session:
        check_scope(session, scope)
        known = session.get(ReportSubscription, (account_id, kind, scope), with_for_update=True)
        if known is None:
            known = ReportSubscription(
                account_id=account_id, kind=kind, scope=scope, created_at=now
            )
            session.add(known)
        known.language = language


def unsubscribe_from_reports(*, kind: PeriodKind, scope: str, actor: Actor, city: City) -> None:
    """Send the actor no more of these, if they were sent at all. Raises NotAllowed."""
    account_id = _reader(actor)
    with transaction(city) as session:
        known = session.get(ReportSubscription, (account_id, kind, scope))
        if known is not None:
            session.delete(known)


def _reader(actor: Actor) -> int:
    if actor.account_id is None or actor.role not in period_reports.READERS:
        raise NotAllowed("figures_not_for_you")
    return actor.account_id
