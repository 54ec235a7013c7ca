"""What a report's history alone says about its state, by the words of the rule book.

Written for the tests, apart from the product's own folds, so that the two can be compared.
"""

from collections.abc import Iterable

from feedback.domain.histories import HistoryKind
from feedback.storage.models import HistoryEntry

ENDED = {"returned", "transferred", "withdrawn"}
APART = {"rejected", "duplicate", "withdrawn"}


class Fold:
    """The states of a report and its assignments, entry by entry.

    Raises AssertionError when an entry leaves another state than the one reached before.
    """

    def __init__(self, entries: Iterable[HistoryEntry]) -> None:
        self.own: str | None = None
        self.assignments: dict[int, str] = {}
        self.lead: int | None = None
        self.rounds = 0
        self._live_round: list[int] = []
        for entry in entries:
            self._read(entry)

    @property
    def state(self) -> str | None:
        """The state the report shows."""
        if self.own in APART or self.own == "closed":
            return self.own
        if not self.live:
            return "received"
        assert self.lead in self.live
        state = self.assignments[self.lead]
        return "answered" if state == "approved" else state

    @property
    def live(self) -> list[int]:
        """The assignments of the latest round that have not ended."""
        return [one for one in self._live_round if self.assignments[one] not in ENDED]

    def _read(self, entry: HistoryEntry) -> None:
        if entry.kind is HistoryKind.ROUND_STARTED:
            self.rounds += 1
            self._live_round = []
            assert entry.data["number"] == self.rounds
        if entry.kind is HistoryKind.LEAD_NAMED:
            self.lead = entry.assignment_id
        if entry.to_state is None:
            assert entry.from_state is None
            return
        if entry.assignment_id is None:
            assert entry.from_state in {None, self.state, self.own}, entry.kind
            assert (entry.from_state is None) == (entry.kind is HistoryKind.RECEIVED)
            self.own = entry.to_state
            return
        assert self.assignments.get(entry.assignment_id) == entry.from_state, entry.kind
        if entry.from_state is None:
            self._live_round.append(entry.assignment_id)
        self.assignments[entry.assignment_id] = entry.to_state
