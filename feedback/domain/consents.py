"""What people agree to when they leave a contact: every text that was ever shown, by version.

A version is never edited: it is what a stored consent points to. A new wording is a new version,
with the day it is shown from; a test holds the old ones to the letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Consent:
    """One version: its name, its first day, and by language what stands beside the box to tick.

    `report` is agreed to with a report, `follow` by those who follow somebody else's; `promise` is
    what stands below the former.
    """

    version: str
    since: date
    report: Mapping[str, str]
    promise: Mapping[str, str]
    follow: Mapping[str, str]


CONSENTS: tuple[Consent, ...] = (
    Consent(
        version="2026-11",
        since=date(2026, 11, 1),
        report={
            "vi": "Tôi đồng ý cho thành phố giữ liên hệ này để báo tin về phản ánh.",
            "en": "The city may keep this contact to send me news of this report.",
        },
        promise={
            "vi": "Bạn có thể yêu cầu xóa bất cứ lúc nào.",
            "en": "You can have it erased at any time.",
        },
        follow={
            "vi": "Tôi đồng ý cho thành phố dùng địa chỉ này để báo tin về phản ánh.",
            "en": "The city may use this address to send me news of this report.",
        },
    ),
    Consent(
        version="2026-11-27",
        since=date(2026, 11, 27),
        report={
            "vi": "Tôi đồng ý cho thành phố giữ liên hệ này để báo tin và hỏi lại về phản ánh.",
            "en": "The city may keep this contact to send me news of this report and ask about it.",
        },
        promise={
            "vi": "Mỗi lần xem đều được ghi lại. Bạn có thể yêu cầu xóa bất cứ lúc nào.",
            "en": "Each look at it is recorded. You can have it erased at any time.",
        },
        follow={
            "vi": "Tôi đồng ý cho thành phố dùng địa chỉ này để báo tin về phản ánh.",
            "en": "The city may use this address to send me news of this report.",
        },
    ),
)
CURRENT = CONSENTS[-1]


def known_version(version: str) -> str:
    """The version, when it is one that a person can have been shown; else empty."""
    return version if any(consent.version == version for consent in CONSENTS) else ""
