"""A long-running process says that it is alive."""

from datetime import datetime

from feedback.operations.city import City
from feedback.operations.transaction import transaction
from feedback.storage.models import Heartbeat

RELAY = "relay"


def keep_heartbeat(name: str, *, city: City, now: datetime) -> None:
    """Write the last sign of life of the process `name`; of several of one name, anyone's."""
    with transaction(city) as session:
        session.merge(Heartbeat(name=name, at=now))
