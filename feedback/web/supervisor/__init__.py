"""What supervisors read: the figures of the city and the cases behind each of them."""

from feedback.web.supervisor import (
    cases,
    counters,
    figure_files,
    letters,
    overview,
    report_cases,
    reports,
    surveys,
    targets,
    topic_pages,
    wall,
)
from feedback.web.supervisor.blueprint import pages

__all__ = [
    "cases",
    "counters",
    "figure_files",
    "letters",
    "overview",
    "pages",
    "report_cases",
    "reports",
    "surveys",
    "targets",
    "topic_pages",
    "wall",
]
