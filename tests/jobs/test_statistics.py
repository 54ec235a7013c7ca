"""The job that keeps the figures up to date."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback.domain.events import STATISTICS_QUEUE
from feedback.jobs import running, statistics
from feedback.operations.claim_due import claim_due
from feedback.operations.refresh_statistics import figures_lag, refresh_statistics
from feedback.operations.transaction import reading
from feedback.storage.models import StatisticsReady
from tests.factories import create_report, create_working_week, the_city

pytestmark = pytest.mark.usefixtures("app_context")


def run_refresh() -> None:
    """Hand out what the statistics queue has to do, and work the refresh."""
    jobs = claim_due(STATISTICS_QUEUE, city=the_city(), now=datetime.now(UTC), limit=10)
    (job,) = [one for one in jobs if one.subscription.name == "refresh_statistics"]
    running.run(job.subscription.name, [[*row] for row in job.attempts.items()])


def received() -> int:
    with reading() as session:
        row = session.get_one(StatisticsReady, ("city", "365"))
        count: int = row.figures["figures"]["counts"]["received"]
        return count


def test_a_job_goes_on_with_what_changes_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []

    def refresh(**given: object) -> None:
        refresh_statistics(**given)  # type: ignore[arg-type]  # as the job gave them
        rounds.append(received())
        if len(rounds) < 3:
            create_report(now=datetime.now(UTC))

    monkeypatch.setattr(statistics, "refresh_statistics", refresh)
    monkeypatch.setattr(statistics, "PAUSE_SECONDS", 0)
    create_working_week()
    create_report(now=datetime.now(UTC))
    run_refresh()
    assert rounds == [1, 2, 3]
    assert not figures_lag()


def test_a_job_leaves_the_rest_to_the_next_when_it_has_worked_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refresh(**given: object) -> None:
        refresh_statistics(**given)  # type: ignore[arg-type]  # as the job gave them
        create_report(now=datetime.now(UTC))

    monkeypatch.setattr(statistics, "refresh_statistics", refresh)
    monkeypatch.setattr(statistics, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(statistics, "GO_ON", timedelta(0))
    create_working_week()
    create_report(now=datetime.now(UTC))
    run_refresh()
    assert figures_lag()
    monkeypatch.setattr(statistics, "refresh_statistics", refresh_statistics)
    run_refresh()
    assert not figures_lag()
