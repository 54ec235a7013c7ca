"""The demo city's public password, and the log-ins worth trying first.

It imports nothing, because the launcher prints them and must start at once.
"""

PASSWORD = "dien-thu-2026-hue"  # noqa: S105 (the demo city's, printed for everybody to try)
EXAMPLES = {
    "dieuphoi1": "dispatcher",
    "giamsat": "supervisor",
    "hepco.truong": "head of a unit",
    "hepco.1": "handler",
    "quantri": "administrator",
}
