"""What the operations centre is told when a decision of its cannot be taken, by reason code."""

from flask_babel import lazy_gettext as _l

DISPATCH_SENTENCES = {
    "due_later_already": _l("The deadline is already later than the day asked for."),
    "leads_already": _l("This unit leads already."),
    "never_public": _l("Reports of this category are never public."),
    "no_unit_left": _l("No other unit works at this report. Send it to one, or refuse it."),
    "not_a_point": _l("Write latitude and longitude, like 16.4637, 107.5909."),
    "repeats_itself": _l("A report cannot repeat itself. Enter the code of another one."),
    "root_gone": _l("That report was refused or withdrawn. Choose one that is being handled."),
    "stays_private": _l("Refused and withdrawn reports stay private."),
    "too_many_units": _l("There are too many units at once."),
    "unit_has_it": _l("This unit is already working at the report."),
    "unknown_report": _l("There is no report with this code."),
    "visible_so_already": _l("The public already sees the report like that."),
}
# Where a field says more than its code alone.
DISPATCH_FIELD_SENTENCES = {
    ("assignment_id", "required"): _l("Choose a unit."),
    ("other_unit_ids", "unit_has_it"): _l("Name every unit once."),
    ("root_code", "required"): _l("Enter the code of the report that came first."),
    ("visibility", "required"): _l("Choose what the public sees."),
}
