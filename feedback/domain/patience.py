"""How long promised work is left alone before it is taken up again."""

from dataclasses import dataclass
from datetime import timedelta

from feedback.domain.events import Subscription

QUEUED = timedelta(minutes=1)
FIRST_RETRY = timedelta(seconds=5)
RETRY_GROWTH = 4
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """The waiting times of the job machinery, all stretched or shortened by one `factor`."""

    factor: float = 1.0

    @property
    def queued(self) -> timedelta:
        """How long a job may wait in a queue before it is handed out once more."""
        return QUEUED * self.factor

    def timeout(self, subscription: Subscription) -> timedelta:
        """How long a started job may take before it is stopped."""
        return subscription.timeout * self.factor

    def lease(self, subscription: Subscription, attempt: int) -> timedelta:
        """How long the `attempt`-th start of a job holds its rows.

        Longer than the job may take, so that a job that is only slow ends before it is replaced,
        and longer with each start, so that one that kills its worker is not tried back to back.
        """
        return self.timeout(subscription) + self.before_retry(attempt)

    def before_retry(self, attempt: int) -> timedelta:
        """The pause after the `attempt`-th start failed: 5 s, 20 s, 80 s …, an hour at most."""
        grown = FIRST_RETRY * float(RETRY_GROWTH) ** min(attempt - 1, 10)
        return min(grown, LONGEST_RETRY) * self.factor


USUAL = Patience()
