"""Attempts are counted before anything is looked at, and the record is told when they end."""

from feedback.operations.sign_in_record import note_held_off
from feedback.web.auth.attempts import Attempt
from feedback.web.context import city, now
from feedback.web.sessions import origin


def held_off(attempt: Attempt) -> int:
    """Count an attempt; 0 when it may go on, else seconds to wait. The record is told once."""
    seconds = attempt.seconds_to_wait()
    if seconds and attempt.is_first_refusal():
        note_held_off(attempt.login, origin(), city=city(), now=now())
    return seconds
