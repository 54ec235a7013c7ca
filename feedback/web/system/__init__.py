"""What machines and the operator ask of the installation, apart from the pages for people."""

from feedback.web.system import health, metrics, status

__all__ = ["health", "metrics", "status"]
