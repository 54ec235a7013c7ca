"""One's own account: password, second factor, sessions, and what was noted about them."""

from feedback.web.account import overview, password, second_factor
from feedback.web.account.blueprint import pages

__all__ = ["overview", "pages", "password", "second_factor"]
