"""Notes on a case, and the documents that lie with it."""

from typing import Any

from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import PhotoPurpose
from feedback.extensions import db
from feedback.operations.add_note import Note, add_note
from feedback.storage.queries import documents as stored
from feedback.storage.types import can_be_key
from feedback.web.documents import form_documents, send_document
from feedback.web.staff import people
from feedback.web.staff.case_page import visible_report
from feedback.web.staff.cases import pages
from feedback.web.staff.schemas import NoteIn
from feedback.web.staff.steps import own_assignment
from feedback.web.staff.taking_steps import by, take_step
from feedback.web.uploads import form_photos
from feedback.wording import _


@pages.post("/staff/reports/<code>/notes")
def note(code: str) -> ResponseReturnValue:
    """Write a note, internal or public."""
    actor = people.current_actor()
    report = visible_report(code)
    own = own_assignment(report, actor)
    if own is None:
        require_dispatcher(actor)
    which = report.id, own.id if own else None
    photos = form_photos(PhotoPurpose.NOTE)
    documents = form_documents(actor)

    def act(sent: dict[str, Any]) -> None:
        if photos.refusals:
            raise Invalid({"photos": "some_refused"})
        if documents.refusals:
            raise Invalid({"documents": "some_refused"})
        written = Note(photo_ids=photos.ids, document_ids=documents.ids, **sent)
        add_note(*which, written, **by())

    done = _("The note is kept.")
    return take_step(code, "note", NoteIn, act, done, photos=photos, documents=documents)


@pages.get("/staff/reports/<code>/documents/<int:document_id>")
def document(code: str, document_id: int) -> ResponseReturnValue:
    """A document of a case, for those who may see the case."""
    report = visible_report(code)
    known = can_be_key(document_id)
    return send_document(stored.one_of(db.session(), report.id, document_id) if known else None)
