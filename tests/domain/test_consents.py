"""What people agreed to stays to the letter what it was."""

import hashlib
import json
from dataclasses import asdict

from feedback.domain.consents import CONSENTS, CURRENT, known_version

# Never change a line here: a new wording is a new version, and a new line.
TO_THE_LETTER = {
    "2026-11": "22465045f9482184",
    "2026-11-27": "05dfbf32b2b03b24",
}


def digest(consent: object) -> str:
    said = json.dumps(asdict(consent), default=str, ensure_ascii=False, sort_keys=True)  # type: ignore[call-overload]
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def test_every_version_says_what_it_said_when_people_agreed_to_it() -> None:
    assert {consent.version: digest(consent) for consent in CONSENTS} == TO_THE_LETTER


def test_each_version_has_its_day_and_every_language() -> None:
    assert [consent.since for consent in CONSENTS] == sorted({c.since for c in CONSENTS})
    for consent in CONSENTS:
        for texts in (consent.report, consent.promise, consent.follow):
            assert set(texts) == {"vi", "en"}
            assert all(texts.values())
        assert len(consent.version) <= 20


def test_only_a_version_that_was_shown_is_known() -> None:
    assert known_version(CURRENT.version) == CURRENT.version
    assert known_version("2026-11") == "2026-11"
    for other in ("", "1", "2099-01", "2026-11 "):
        assert known_version(other) == ""
