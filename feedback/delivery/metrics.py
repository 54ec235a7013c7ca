"""What is measured of the web processes, and the form in which a collector reads measures.

Several web processes serve one city. Where `PROMETHEUS_MULTIPROC_DIR` names a folder they write
their counts there, and a scrape of any of them gives the sum; otherwise each knows its own only.
"""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_own = CollectorRegistry()
_REQUESTS = Histogram(
    "feedback_request_seconds",
    "Time to answer a request, by the rule of its address.",
    ["method", "rule", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=_own,
)


def note_request(method: str, rule: str | None, status: int, seconds: float) -> None:
    """Count one request. Addresses without a rule count as one, so that nobody can fill the memory
    by asking for pages that do not exist."""
    _REQUESTS.labels(method if rule else "any", rule or "none", str(status)).observe(seconds)


def exposition(gauges: Iterable[Metric]) -> bytes:
    """The requests counted so far and these gauges, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER_VARIABLE):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Given(_own.collect()))
    registry.register(_Given(gauges))
    return generate_latest(registry)


def gauge(name: str, about: str, values: Iterable[tuple[dict[str, str], float]]) -> Metric:
    """One measure as it stands: a value for each set of labels."""
    family = GaugeMetricFamily(f"feedback_{name}", about)
    for labels, value in values:
        family.add_sample(family.name, labels, value)
    return family


class _Given(Collector):
    """A collector of measures that were taken already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics
