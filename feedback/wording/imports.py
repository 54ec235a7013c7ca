"""Imports in words: why a row or a value was not taken, and what is wrong with a mapping."""

from collections.abc import Mapping

from feedback.wording import _


def refusal_words(reason: str) -> str:
    """Why a column of a row was refused, to be read after the column's name."""
    return {
        "missing": _("is empty"),
        "unknown": _("means nothing here; name it in the mapping"),
        "too_long": _("is too long"),
        "repeated": _("has come before in this file"),
        "no_moment": _("is not a date and time (ISO 8601)"),
        "no_coordinate": _("is not a coordinate in degrees"),
        "in_the_future": _("lies in the future"),
        "open_but_closed": _("says closed, but the status says open"),
        "never_closed": _("is empty, but the status says closed"),
        "closed_before_received": _("is before the report came in"),
        "due_before_received": _("is before the report came in"),
    }[reason]


def mapping_words(wrong: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping, a sentence for each of its keys."""
    return [_mapping_sentence(key, reason) for key, reason in sorted(wrong.items())]


def _mapping_sentence(key: str, reason: str) -> str:
    if reason == "required":
        return _("“%(key)s” is missing.", key=key)
    if reason == "no_table":
        return _("“%(key)s” must be a table of names and values.", key=key)
    if key.startswith("columns."):
        return _("“%(key)s”: there is no such field.", key=key)
    if key.startswith("statuses."):
        return _("“%(key)s”: its value is none of the outcomes there are.", key=key)
    if key == "service_level":
        return _("“service_level”: there is no service level with this code.")
    return _("“%(key)s”: this value means nothing here.", key=key)


def failure_words(reason: str, detail: str) -> str:
    """Why an import came to its end, in a sentence."""
    known = {
        "not_a_csv": _("The file is not a CSV file in UTF-8."),
        "unpacked_too_large": _("Unpacked, the file is larger than 1 GB. Split it."),
        "no_rows": _("The file holds no rows."),
        "columns_missing": _("The file lacks columns that the mapping names."),
        "level_unknown": _("The service level of the mapping is not known any more."),
        "no_working_time": _("The calendar has no working time to promise in."),
        "file_missing": _("The file is no longer there."),
    }
    sentence = known.get(reason) or _("This could not be done.")
    return f"{sentence} ({detail})" if detail else sentence
