"""What a reporter does: report, follow by the secret link, rate, ask to reopen, take back."""

from feedback.web.citizen import (
    photos,
    ratings,
    reopenings,
    replies,
    reports,
    tracking,
    withdrawals,
)
from feedback.web.citizen.blueprint import pages

__all__ = [
    "pages",
    "photos",
    "ratings",
    "reopenings",
    "replies",
    "reports",
    "tracking",
    "withdrawals",
]
