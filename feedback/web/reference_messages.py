"""Sentences for what the administrator's forms refuse; `messages` holds them with the others."""

from flask_babel import lazy_gettext as _l

REFERENCE_SENTENCES = {
    "administrator_only": _l("Only an administrator may do this."),
    "before_start": _l("The last day must not be before the first."),
    "begins_in_the_past": _l("A new version begins today or later: the past is not rewritten."),
    "before_latest_version": _l("A later version is known already. Begin after it."),
    "category_not_found": _l("There is no such category."),
    "category_or_group": _l("Choose a category or a group, not both."),
    "code_taken": _l("Something else already has this code."),
    "day_out_of_range": _l("Give a day between 1975 and 2200."),
    "days_need_the_working_clock": _l("Round the clock, give minutes and no days."),
    "days_or_minutes": _l("Give either working days or minutes to resolve."),
    "day_known": _l("The calendar knows this day already. Open it in the list of the year."),
    "day_not_known": _l("The calendar does not know this day any more."),
    "day_off_with_hours": _l("A holiday or a day off in lieu has no working hours."),
    "ends_in_the_past": _l("A rule that has routed reports can end yesterday at the earliest."),
    "hours_outside_the_day": _l("The hours must begin before they end, within one day."),
    "hours_unreadable": _l("Write the hours like 07:30–11:30, 13:30–17:00."),
    "last_administrator": _l("At least one administrator must be able to sign in."),
    "not_a_code": _l("Use 2 to 40 small letters, digits and hyphens."),
    "not_a_duty_phone": _l("Enter a phone number with at least 3 digits."),
    "not_a_head_of_this_unit": _l("Choose somebody who leads this unit."),
    "not_yourself": _l("You cannot close your own account. Ask another administrator."),
    "number_out_of_range": _l("This number is too small or too large."),
    "reference_changed": _l("Somebody changed this while you were looking at it."),
    "negative": _l("This number must not be below zero."),
    "overlap_or_out_of_order": _l("These hours overlap."),
    "range_too_long": _l("Give at most 31 days on end."),
    "rule_has_ended": _l("This rule has ended. Make a new one."),
    "rule_not_found": _l("There is no such rule."),
    "rule_overlaps": _l(
        "Another rule says the same on these days. End it, or tick that this one replaces it."
    ),
    "rule_overlaps_later": _l(
        "Another rule for the same begins on that day or later. End this one before it begins."
    ),
    "successor_in_a_circle": _l("This unit was itself succeeded by the one being dissolved."),
    "successor_not_in_force": _l("Choose a unit that exists on the day after the last day."),
    "too_small": _l("This number is too small."),
    "unknown_group": _l("Choose a group from the list."),
    "unknown_level": _l("Choose a service level from the list."),
    "version_has_begun": _l("This version has begun. Add a new one instead."),
    "week_without_work": _l("A week without any working hours leaves nothing to count by."),
    "working_day_without_hours": _l("A day worked in exchange needs working hours."),
    "unit_not_found": _l("There is no such unit."),
}
