"""PDF documents: those that come with a form, and those that are handed out again."""

from dataclasses import dataclass, field
from io import BytesIO

from flask import Response, request, send_file
from werkzeug.exceptions import NotFound

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.operations.documents import MAX_DOCUMENTS, keep_document
from feedback.storage.models import Document
from feedback.web.context import city, now
from feedback.web.forms import sent_files, size_of
from feedback.web.messages import explain_fields, sentence


@dataclass(slots=True)
class FormDocuments:
    """What became of a form's documents: upload ids to go on with, and sentences for the rest."""

    ids: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as a page offers it; it can only be downloaded."""

    name: str
    size: int
    url: str


def form_documents(actor: Actor) -> FormDocuments:
    """The documents of the request's form: those kept already by id, and the files sent with it.

    A bad file costs the form nothing else: it is left out, with a sentence that says why.
    """
    known = dict.fromkeys(filter(None, request.form.getlist("document_ids")))
    gathered = FormDocuments(ids=list(known))
    for file in sent_files("documents"):
        if len(gathered.ids) >= MAX_DOCUMENTS:
            gathered.refusals.append(sentence("too_many_documents"))
            break
        name = file.filename or ""
        try:
            kept = keep_document(
                file.stream, size_of(file), name, actor=actor, city=city(), now=now()
            )
        except Invalid as refused:
            gathered.refusals.append(f"{name}: {explain_fields(refused)['documents']}")
        else:
            gathered.ids.append(kept)
    return gathered


def send_document(document: Document | None) -> Response:
    """A document to be saved, never to be shown inside a page of ours. Raises NotFound."""
    if document is None:
        raise NotFound
    return send_pdf(document.key, document.name)


def send_pdf(key: str, name: str) -> Response:
    """A stored PDF file to be saved under a name. Raises NotFound when it is not there."""
    return send_kept(key, name, "application/pdf")


def send_kept(key: str, name: str, mimetype: str) -> Response:
    """A stored file of ours to be saved under a name. Raises NotFound when it is not there."""
    try:
        with city().files.open(key) as stream:
            content = BytesIO(stream.read())
    except (FileNotFoundError, ValueError) as error:
        raise NotFound from error
    sent = send_file(content, mimetype=mimetype, as_attachment=True, download_name=name)
    sent.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent
