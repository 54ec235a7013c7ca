"""Where the codes of refusals become sentences, once for the pages and for their scripts."""

from collections.abc import Mapping

from flask_babel import gettext as _

from feedback.domain.states import PhotoProblem


def field_sentences() -> dict[str, str]:
    """Sentence of every field error code, in the reader's language.

    The report form hands this mapping to its script, so that a step checked in the browser and
    the form checked here say the same words.
    """
    return {
        "place_missing": _("Set the place on the map, or choose a ward and write the street."),
        "place_outside": _("This place is outside the city. Set another point."),
        "category_missing": _("Choose a category, or “I don't know”."),
        "content_missing": _("Write a few words, or add at least one photo."),
        "text_too_long": _("The text is too long. Please shorten it."),
        "photos_too_many": _("There are too many photos. Please remove some."),
        "email_invalid": _("This e-mail address is not complete, for example an@example.com."),
        "phone_invalid": _("This phone number is not right. It has 9 to 11 digits."),
        "consent_missing": _("Tick the box so that we may contact you."),
        "level_missing": _("Choose one of the three faces."),
        "reason_missing": _("Write why the report should be reopened."),
        "invalid": _("This entry cannot be used. Please correct it."),
    }


def sentences_for(fields: Mapping[str, str]) -> dict[str, str]:
    """Turn {field: code} of an `Invalid` refusal into {field: sentence}, same order."""
    known = field_sentences()
    return {field: known.get(code, known["invalid"]) for field, code in fields.items()}


def photo_sentence(problem: PhotoProblem) -> str:
    """Why a photo cannot be used, and what its sender can do."""
    sentences: dict[PhotoProblem, str] = {
        PhotoProblem.EMPTY: _("The file is empty. Please choose another photo."),
        PhotoProblem.NOT_AN_IMAGE: _("This file is not a photo. Please choose a photo."),
        PhotoProblem.UNSUPPORTED_FORMAT: _("We read JPEG, PNG, WebP and HEIC photos only."),
        PhotoProblem.TOO_LARGE_FILE: _(
            "The photo is larger than 15 MB. Please choose a smaller one."
        ),
        PhotoProblem.TOO_MANY_PIXELS: _(
            "The photo has too many pixels. Please choose a smaller one."
        ),
        PhotoProblem.ANIMATED: _("Moving pictures are not accepted. Please choose a photo."),
        PhotoProblem.BROKEN: _("The file is damaged. Please send the photo again."),
        PhotoProblem.TOO_MUCH_MEMORY: _(
            "The photo is too heavy to read. Please choose a smaller one."
        ),
    }
    return sentences[problem]
