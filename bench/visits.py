"""Visits of pages in two cities, in turns, and what they took."""

import statistics
import time

from flask.testing import FlaskClient

from bench.rows import Row

Visit = tuple[FlaskClient, str]


def compare(name: str, visits: tuple[Visit, Visit], rounds: int, wanted: float) -> list[Row]:
    """Two rows of a page visited in turns in a small and a large city: its ratio and its times.

    `name` says what is divided: "queue: p95 at many ÷ at 1,000".
    """
    times: list[list[float]] = [[], []]
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(seconds(*visits[which]))
    small, large = (statistics.quantiles(found, n=20)[-1] for found in times)
    middle = [statistics.median(found) for found in times]
    return [
        Row(name, f"{large / small:.2f}", f"≤ {wanted}"),
        Row(
            "… p95 (median)",
            f"{small * 1000:.0f} ms ({middle[0] * 1000:.0f}) and "
            f"{large * 1000:.0f} ms ({middle[1] * 1000:.0f})",
        ),
    ]


def seconds(client: FlaskClient, address: str) -> float:
    """How long one visit takes; an answer other than 200 is an AssertionError."""
    began = time.perf_counter()
    answer = client.get(address)
    answer.get_data()
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return time.perf_counter() - began
