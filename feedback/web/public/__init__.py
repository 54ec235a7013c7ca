"""What everybody may read: published reports, areas, pictures, and the installation's health."""

from feedback.web.public import (
    appearance,
    areas,
    following,
    home,
    language,
    open_data,
    pictures,
    reports,
)
from feedback.web.public.blueprint import pages

__all__ = [
    "appearance",
    "areas",
    "following",
    "home",
    "language",
    "open_data",
    "pages",
    "pictures",
    "reports",
]
