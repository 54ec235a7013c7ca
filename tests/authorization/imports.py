"""The routes of files taken over, by who may enter; `policies` holds them with the others."""

_OF_AREAS = ("import_page", "send_file", "look_at_file", "take_over_file", "discard_file")
_OF_REPORTS = (
    *("imports_page", "send_reports", "show_import", "refused_rows"),
    *("take_over_reports", "discard_reports"),
)
FOR_ADMINISTRATORS = tuple(f"admin.{name}" for name in (*_OF_AREAS, *_OF_REPORTS))
