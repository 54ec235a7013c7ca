"""Sentences for what the forms of surveys refuse; `messages` holds them with the others."""

from flask_babel import lazy_gettext as _l

SURVEY_SENTENCES = {
    "already_published": _l("This version is published already."),
    "asks_nothing": _l("Add at least one item before you publish."),
    "before_version": _l("The questionnaire is not valid yet on this day."),
    "channel_needed": _l("Choose at least one channel."),
    "instrument_not_found": _l("There is no such questionnaire."),
    "interviewers_only": _l("Only the operations centre and supervisors type in interviews."),
    "item_not_found": _l("There is no such item."),
    "not_a_channel_of_this": _l("This survey is not held over this channel."),
    "not_a_choice": _l("Choose one of the answers offered."),
    "not_a_level": _l("Give a level from 1 to 5, or 0 for no opinion."),
    "not_an_option": _l("Write a choice a line, in both languages: Nữ | Woman."),
    "nothing_answered": _l("Answer at least one question."),
    "section_not_found": _l("There is no such section."),
    "stratum_is_a_choice": _l("Only one of several choices can name a group of people."),
    "survey_changed": _l("The survey has been changed meanwhile. Look at it again."),
    "survey_closed": _l("This survey is over. Thank you to everybody who answered."),
    "survey_has_answers": _l("It has been answered already: hold a new survey instead."),
    "survey_not_begun": _l("This survey has not begun yet."),
    "survey_not_found": _l("There is no such survey."),
    "too_many_items": _l("A questionnaire has at most 60 items."),
    "two_options_at_least": _l("Write 2 to 12 different choices, one a line."),
    "unknown_group_of_people": _l("Choose a group from the list."),
    "version_not_published": _l("Choose a published questionnaire."),
}
SURVEY_FIELD_SENTENCES = {
    ("version_id", "required"): _l("Choose a published questionnaire."),
    ("first_day", "required"): _l("Choose the first day."),
    ("last_day", "required"): _l("Choose the last day."),
    ("title_vi", "required"): _l("Enter the Vietnamese title."),
    ("title_en", "required"): _l("Enter the English title."),
    ("text_vi", "required"): _l("Enter the Vietnamese wording."),
    ("text_en", "required"): _l("Enter the English wording."),
    ("section_id", "required"): _l("Choose the section."),
    ("channel", "required"): _l("Choose the channel."),
}
