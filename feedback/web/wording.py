"""Translation with types, as pages use it."""

from feedback.wording import _, ngettext

__all__ = ["_", "ngettext"]
