"""Tells the person at the terminal when the city can be used."""

import time
from collections.abc import Sequence
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

import click

READY_SECONDS = 60.0
POLL_SECONDS = 0.2
ANSWER_SECONDS = 5.0


def announce_when_ready(address: str, lines: Sequence[str]) -> None:
    """Wait until the city at `address` says that the whole is ready, then print the lines; after a
    minute print what is still missing instead."""
    deadline = time.monotonic() + READY_SECONDS
    missing = what_is_missing(address)
    while missing and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        missing = what_is_missing(address)
    if missing:
        lines = [f"The city at {address} is not ready after {READY_SECONDS:.0f} s: {missing}"]
    click.echo("\n".join(["", *lines, ""]))


def what_is_missing(address: str) -> str:
    """Why the city cannot be used yet, in its own words; empty when it can."""
    try:
        with urlopen(f"{address}/healthz", timeout=ANSWER_SECONDS):  # noqa: S310 (our own address)
            return ""
    except HTTPError as answer:
        return answer.read().decode(errors="replace").strip() or str(answer)
    except (OSError, HTTPException) as error:
        return str(error)
