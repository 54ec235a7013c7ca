"""What a citizen is told when a report is refused: a text to begin from, with the right door."""

from flask_babel import force_locale

from feedback.domain.states import RejectionReason
from feedback.web.languages import LANGUAGES
from feedback.wording import _


def suggested_texts(language: str) -> dict[str, str]:
    """A text for each reason, in the language the report was sent in."""
    with force_locale(language if language in LANGUAGES else LANGUAGES[0]):
        return {
            RejectionReason.FORMAL_COMPLAINT.value: _(
                "Your report is a formal complaint about an administrative decision. The law has "
                "a procedure of its own for it. Please send it to the citizens' reception office "
                "of the authority that made the decision."
            ),
            RejectionReason.DENUNCIATION.value: _(
                "Your report is a denunciation. To protect you and the people named, it is "
                "handled outside this channel. Please bring it to the city inspectorate."
            ),
            RejectionReason.OUT_OF_SCOPE.value: _(
                "This matter does not belong to the units of this channel. Please turn to the "
                "organisation in charge of it."
            ),
            RejectionReason.ABUSIVE.value: _(
                "We cannot handle a report with offensive words. Please describe the matter "
                "again in a new report."
            ),
            RejectionReason.NO_CONTENT.value: _(
                "We could not find out what your report is about. Please send a new one with "
                "the place, a few words or a photo."
            ),
        }
