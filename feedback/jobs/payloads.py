"""What a job is given: the payloads of its outbox rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from feedback.operations.city import City
from feedback.operations.outbox import Claim

Payloads = Sequence[Mapping[str, Any]]
Work = Callable[[Payloads, City, datetime, Claim], None]
"""Calls one operation, which marks the rows of the claim done together with its effect."""
