"""An administrator sends a file of areas, looks at what it would do, and takes it over or not."""

from datetime import date, datetime

from sqlalchemy import delete

from feedback.domain.actors import Actor
from feedback.domain.area_files import parse_geojson_areas
from feedback.domain.errors import Invalid, NotFound
from feedback.domain.permissions import require_administrator
from feedback.operations.city import City
from feedback.operations.import_areas import AreaPlan, take_over
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import AreaDraft
from feedback.storage.queries import places

MAX_BYTES = 20 * 1024 * 1024


class _LookedAt(Exception):
    """Ends a transaction whose changes were only to be looked at."""

    def __init__(self, plan: AreaPlan) -> None:
        super().__init__()
        self.plan = plan


def send_areas(
    content: bytes,
    file_name: str,
    *,
    valid_from: date | None,
    approximate: bool,
    source: str,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Keep a file that can be imported until its sender decides; it replaces the one before.

    Raises NotAllowed, and Invalid naming `file` (with its problems), `valid_from` or `source`.
    """
    require_administrator(actor)
    fields = Fields()
    first_day = fields.needed("valid_from", valid_from)
    fields.period(valid_from, None)
    source = fields.text("source", source, 2_000, needed=True)
    if not content:
        fields.refuse("file", "no_file")
    if len(content) > MAX_BYTES:
        fields.refuse("file", "area_file_too_large")
    fields.raise_all()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid({"file": "not_utf8"}) from error
    parse_geojson_areas(text)
    with transaction(city) as session:
        session.execute(delete(AreaDraft).where(AreaDraft.account_id == actor.account_id))
        draft = AreaDraft(
            account_id=actor.account_id,
            file_name=file_name[:200],
            content=text,
            valid_from=first_day,
            approximate=approximate,
            source=source,
            sent_at=now,
        )
        session.add(draft)


def look_at_areas(*, actor: Actor, city: City, now: datetime) -> AreaPlan:
    """What the sender's file would do today; nothing is changed.

    Raises NotAllowed, NotFound, and Invalid as `import_areas`.
    """
    try:
        _apply(actor=actor, city=city, now=now, really=False)
    except _LookedAt as looked:
        return looked.plan
    raise RuntimeError("a look ahead must not be kept")


def take_over_areas(*, actor: Actor, city: City, now: datetime) -> AreaPlan:
    """Take the sender's file over as the city's division; raises as `look_at_areas`."""
    return _apply(actor=actor, city=city, now=now, really=True)


def discard_areas(*, actor: Actor, city: City) -> None:
    """Forget the sender's file. Raises NotAllowed."""
    require_administrator(actor)
    with transaction(city) as session:
        session.execute(delete(AreaDraft).where(AreaDraft.account_id == actor.account_id))


def _apply(*, actor: Actor, city: City, now: datetime, really: bool) -> AreaPlan:
    require_administrator(actor)
    with transaction(city) as session:
        draft = places.draft_of(session, actor.account_id)
        if draft is None:
            raise NotFound("area_draft_not_found")
        facts: dict[str, object] = {"approximate": draft.approximate, "source": draft.source}
        found = parse_geojson_areas(draft.content)
        plan = take_over(session, found, draft.valid_from, facts, by=actor, now=now)
        if not really:
            raise _LookedAt(plan)  # nothing of it is stored
        session.delete(draft)
        return plan
