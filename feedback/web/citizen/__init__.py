"""What a reporter does: report, find it again, follow it by the secret link, rate, take back."""

from feedback.web.citizen import (
    counters,
    letters,
    lookups,
    photos,
    ratings,
    reopenings,
    replies,
    reports,
    surveys,
    tracking,
    withdrawals,
)
from feedback.web.citizen.blueprint import pages

__all__ = [
    "counters",
    "letters",
    "lookups",
    "pages",
    "photos",
    "ratings",
    "reopenings",
    "replies",
    "reports",
    "surveys",
    "tracking",
    "withdrawals",
]
