"""Sentences for what the administrator's forms refuse; `messages` holds them with the others."""

from flask_babel import lazy_gettext as _l

REFERENCE_SENTENCES = {
    "administrator_only": _l("Only an administrator may do this."),
    "before_start": _l("The last day must not be before the first."),
    "code_taken": _l("Something else already has this code."),
    "day_out_of_range": _l("Give a day between 1975 and 2200."),
    "not_a_code": _l("Use 2 to 40 small letters, digits and hyphens."),
    "not_a_duty_phone": _l("Enter a phone number with at least 3 digits."),
    "not_a_head_of_this_unit": _l("Choose somebody who leads this unit."),
    "number_out_of_range": _l("This number is too small or too large."),
    "reference_changed": _l("Somebody changed this while you were looking at it."),
    "unit_not_found": _l("There is no such unit."),
}
