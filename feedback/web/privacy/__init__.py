"""What is done with personal data: the record, and the data of one person."""

from feedback.web.privacy import persons, record

__all__ = ["persons", "record"]
