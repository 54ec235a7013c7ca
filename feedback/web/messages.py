"""Reason codes of refusals turned into sentences in the reader's language, in one place."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from feedback.domain.errors import DomainError, Invalid
from feedback.domain.states import Outcome
from feedback.web.dispatch_messages import DISPATCH_FIELD_SENTENCES, DISPATCH_SENTENCES
from feedback.web.reference_messages import REFERENCE_FIELD_SENTENCES, REFERENCE_SENTENCES
from feedback.web.survey_messages import SURVEY_FIELD_SENTENCES, SURVEY_SENTENCES

OUTSIDE = _l(
    "This point lies outside the city. Move it, or choose the ward and describe the place."
)
SENTENCES = {
    **REFERENCE_SENTENCES,
    **DISPATCH_SENTENCES,
    **SURVEY_SENTENCES,
    "account_not_found": _l("There is no account with this login."),
    "already_asked": _l("This has been asked for already and is not decided yet."),
    "already_decided": _l("This has been decided or taken back already."),
    "animated": _l("Moving pictures cannot be used. Choose a still photo."),
    "asked_before": _l("You have already asked for a second look at this report."),
    "asking_over": _l("The 30 days for asking for a second look are over."),
    "assignment_ended": _l("This case is no longer with the unit."),
    "broken": _l("This photo is damaged and cannot be read. Try another one."),
    "changed_meanwhile": _l("Somebody changed this report while you were looking at it."),
    "counter_closed": _l("This counter is closed."),
    "counter_not_found": _l("There is no such counter."),
    "contact_missing": _l("Enter the e-mail address or the telephone number you gave."),
    "dispatcher_only": _l("Only the operations centre may do this."),
    "document_missing": _l("A document is no longer here. Please add it again."),
    "empty_document": _l("This file is empty. Choose another document."),
    "not_a_pdf": _l("This file is not a PDF document."),
    "question_not_found": _l("There is no such question."),
    "password_to_replace": _l("Replace the password you were given before you go on."),
    "report_left": _l("This report is not being handled any more."),
    "too_large_document": _l("This document is larger than 15 MB. Choose a smaller one."),
    "too_many_documents": _l("There are too many documents."),
    "too_many_replies": _l("You have answered this question often enough. We have your answers."),
    "empty": _l("This file is empty. Choose another photo."),
    "figures_not_for_you": _l("Only who may read the city's figures gets its reports."),
    "form_expired": _l(
        "The page had been open too long. Check what you entered and send it again."
    ),
    "half_a_point": _l("The point on the map is not complete. Set it again."),
    "has_a_handler": _l("Somebody else has already taken this case."),
    "head_only": _l("Only the head of the unit may do this."),
    "invitation_used_up": _l("This link has been used, or its day is over. Ask for a new one."),
    "invalid": _l("Some answers need another look."),
    "key_missing": _l(
        "The contact was sealed with a key that is not here any more. Tell the administrator."
    ),
    "login_taken": _l("Somebody else already has this login."),
    "nothing_in_period": _l("There was no report in this period yet."),
    "period_not_over": _l("This period is not over yet."),
    "period_report_corrected": _l("There is a later edition already. Correct that one."),
    "period_report_unfinished": _l("This report is still being made."),
    "unknown_window": _l("Choose a period from the list."),
    "no_report_of_yours": _l(
        "We found no report with this code and this contact. Check both, then try again."
    ),
    "no_contact": _l("Nobody left a contact with this report."),
    "no_successor": _l("The unit no longer exists and nobody has taken over from it."),
    "no_text": _l("No text, only photos"),
    "not_a_contact": _l("Enter an e-mail address, or a phone number with at least 8 digits."),
    "not_a_working_day": _l("Choose a working day."),
    "not_a_login": _l("Use 2 to 80 small letters, digits, dots, hyphens, @ or _."),
    "not_a_phone": _l("Enter a phone number with at least 8 digits."),
    "not_an_email": _l("Enter an e-mail address like name@example.com."),
    "not_an_image": _l("This file is not a photo. Choose a JPEG, PNG, WebP or HEIC photo."),
    "not_closed": _l("This report has not been closed."),
    "not_in_this_unit": _l("Choose somebody who works in this unit."),
    "not_later": _l("Choose a day after the present deadline, today or later."),
    "not_your_request": _l("Only who asked for it, or the head of the unit, may take it back."),
    "not_rejected": _l("This report was not refused."),
    "not_your_unit": _l("This case belongs to another unit."),
    "out_of_range": OUTSIDE,
    "outside_the_city": OUTSIDE,
    "password_is_common": _l("Everybody tries this password first. Choose another one."),
    "password_is_current": _l("The new password must differ from the one now."),
    "password_is_login": _l("The password must not be the login."),
    "password_too_short": _l("The password needs at least 12 characters."),
    "no_working_time": _l(
        "The calendar has no working time, so that no deadline can be set. Tell the administrator."
    ),
    "no_open_promise": _l("Nothing that this unit promised is still open here."),
    "nothing_promised": _l(
        "No service level is in force for this category. Tell the administrator."
    ),
    "person_not_found": _l("No report was sent with this contact."),
    "photo_missing": _l("A photo is no longer here. Please add it again."),
    "reopening_over": _l("The 30 days for reopening this report are over."),
    "no_unit_to_share_with": _l("You belong to no unit that it could be shared with."),
    "too_many_views": _l("You have kept 30 views already. Remove one first."),
    "view_not_found": _l("There is no such view."),
    "too_many_at_once": _l("There are too many cases at once. Choose fewer."),
    "template_not_found": _l("There is no such text."),
    "unknown_placeholder": _l("There is no such placeholder."),
    "report_code_missing": _l("Enter the report's code."),
    "report_is_over": _l("This report is finished and cannot be followed any more."),
    "request_not_found": _l("There is no such request."),
    "report_not_found": _l("There is no such report."),
    "required": _l("Please fill this in."),
    "role_has_no_unit": _l("Only handlers and heads belong to a unit."),
    "session_not_found": _l("There is no such session. It may have ended already."),
    "no_enrolment": _l("Setting up the second factor was not begun, or is finished already."),
    "second_factor_is_set": _l("Your second factor is set up already."),
    "second_factor_required": _l("Your role needs the second factor."),
    "sign_in_again": _l("Please log in again."),
    "step_not_possible": _l("This step is not possible any more."),
    "step_not_yours": _l("You may not take this step."),
    "submission_differs": _l(
        "This form has already been sent with other content. Open a new form for a new report."
    ),
    "too_far": _l("This day is too far away."),
    "tap_again": _l("The page had been open too long. Please tap once more."),
    "too_large_file": _l("This photo is larger than 15 MB. Choose a smaller one."),
    "too_long": _l("This text is too long."),
    "too_many_photos": _l("There are too many photos."),
    "too_many_pixels": _l("This photo has too many pixels. Choose a smaller one."),
    "too_much_memory": _l("This photo could not be processed. Try another one."),
    "unit_is_the_same": _l("The case lies with this unit already."),
    "unit_not_in_force": _l("This unit does not exist any more."),
    "unknown_area": _l("Choose a ward from the list."),
    "unknown_category": _l("Choose a category from the list."),
    "unknown_unit": _l("Choose a unit from the list."),
    "unreadable": _l("This entry cannot be read. Please correct it."),
    "unsupported_format": _l("This kind of picture cannot be used. Choose a JPEG photo."),
    "wrong_code": _l("This code is not right, or has been used. Wait for the next one."),
    "why_again": _l("Write why the report should be looked at again."),
    "wrong_login": _l("The login or the password is not right."),
    "wrong_password": _l("This is not your password now."),
}

# Where on the form a person mends what a step needs, or what a hidden field holds.
FIELD_OF_NEED = {
    "accuracy_m": "place",
    "checked_text": "text_checked",
    "content": "text",
    "evidence": "photos",
    "latitude": "place",
    "longitude": "place",
    "place_source": "place",
    "promised_date": "promised_on",
    "root": "root_code",
    "submission_id": "form",
}
# Where a field says more than its code alone.
FIELD_SENTENCES = {
    **DISPATCH_FIELD_SENTENCES,
    **REFERENCE_FIELD_SENTENCES,
    **SURVEY_FIELD_SENTENCES,
    ("checked_text", "required"): _l(
        "The text may hold private data. Remove it, or confirm that it may be shown."
    ),
    ("category_id", "required"): _l("Choose a category, or “I don't know”."),
    ("confirmed", "required"): _l("Tick the box: what is erased cannot be brought back."),
    ("consent", "required"): _l("Tick the box so that we may contact you."),
    ("evidence", "required"): _l("Add a photo or a document that shows the result."),
    ("scope", "unknown"): _l("Choose the city or a unit from the list."),
    ("level", "required"): _l("Choose one of the three faces."),
    ("place", "required"): _l("Set the place on the map, or choose a ward and write the street."),
    ("promised_date", "required"): _l("Give the day, today or later, by which it will be done."),
    ("reason", "required"): _l("Write the reason."),
    ("content", "required"): _l("Write a few words, or add at least one photo."),
    ("text", "too_long"): _l("The text is too long. Please shorten it."),
    ("category_id", "unknown_category"): _l("Choose a category from the list."),
    ("question", "required"): _l("Write what you want to know."),
    ("wanted_on", "required"): _l("Give the day by which it will be done."),
    ("handler_id", "required"): _l("Choose who handles the case."),
    ("outcome", "required"): _l("Choose what became of the matter."),
    ("reason_code", "required"): _l("Choose why the report is refused."),
    ("text", "required"): _l("Write a few sentences for the citizen."),
    ("unit_id", "required"): _l("Choose a unit."),
    ("documents", "some_refused"): _l("A document could not be used."),
    ("photos", "some_refused"): _l("A photo could not be used."),
    ("email", "required"): _l("Enter your e-mail address."),
    ("login", "required"): _l("Enter your login."),
    ("password", "required"): _l("Enter your password."),
    ("current_password", "required"): _l("Enter your password now."),
    ("code", "required"): _l("Enter the code."),
}
# The same words for the checks the report form's script makes before anything is sent.
SCRIPT_MESSAGES = {
    "category_missing": ("category_id", "required"),
    "consent_missing": ("consent", "required"),
    "content_missing": ("content", "required"),
    "email_invalid": ("contact_email", "not_an_email"),
    "phone_invalid": ("contact_phone", "not_a_phone"),
    "place_missing": ("place", "required"),
}


def sentence(code: str, field: str = "") -> str:
    """What to tell a person about a reason code, at a field where there is one."""
    known = FIELD_SENTENCES.get((field, code)) or SENTENCES.get(code)
    return str(known or _("This could not be done."))


def explain(error: DomainError) -> str:
    """What to tell a person about a refusal as a whole."""
    return sentence(error.code)


def explain_fields(error: Invalid) -> dict[str, str]:
    """A sentence for each form field that was refused."""
    return {
        FIELD_OF_NEED.get(field, field): sentence(code, field)
        for field, code in error.fields.items()
    }


def script_messages() -> dict[str, str]:
    """What the report form's script says, by the names it uses."""
    return {name: sentence(code, field) for name, (field, code) in SCRIPT_MESSAGES.items()}


OUTCOMES = {
    Outcome.FIXED: _l("fixed"),
    Outcome.PLANNED: _l("planned"),
    Outcome.NOT_COMPETENT: _l("not the city's task"),
    Outcome.NOT_FOUND: _l("nothing found on site"),
    Outcome.REFUSED: _l("will not be done"),
}


def outcome_word(outcome: str | None) -> str:
    """An outcome in words; nothing for none."""
    return str(OUTCOMES[Outcome(outcome)]) if outcome else ""
