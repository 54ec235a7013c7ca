"""Photos that come with a form: uploaded one by one, each refused or kept by itself."""

from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import FileStorage

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.upload_photo import upload_photo
from feedback.storage.models import Photo
from feedback.web.context import city, now
from feedback.web.forms import sent_files, size_of
from feedback.web.messages import explain_fields, sentence


@dataclass(slots=True)
class FormPhotos:
    """What became of a form's photos: the upload ids to go on with, and sentences for the rest."""

    ids: list[str]
    refusals: list[str] = field(default_factory=list)

    def kept(self) -> list[dict[str, str]]:
        """The photos already with us, as the form template carries them on."""
        return [{"id": upload_id, "name": ""} for upload_id in self.ids]


def receive(file: FileStorage, purpose: PhotoPurpose, *, read_place: bool = False) -> Photo:
    """Keep one uploaded file. Raises Invalid naming `photos`."""
    return upload_photo(
        file.stream,
        size_of(file),
        purpose=purpose,
        read_place=read_place,
        city=city(),
        now=now(),
    )


def sent_ahead() -> FormPhotos:
    """The photos of the request's form that are with us already, by id."""
    return FormPhotos(ids=list(dict.fromkeys(filter(None, request.form.getlist("photo_ids")))))


def form_photos(purpose: PhotoPurpose) -> FormPhotos:
    """The photos of the request's form: those sent ahead by id, and the files sent with it.

    A bad file costs the form nothing else: it is left out, with a sentence that says why.
    """
    limit = MAX_PHOTOS[purpose]
    gathered = sent_ahead()
    for file in sent_files("photos"):
        if len(gathered.ids) >= limit:
            gathered.refusals.append(sentence("too_many_photos"))
            break
        try:
            gathered.ids.append(receive(file, purpose).upload_id)
        except Invalid as refused:
            sentences = explain_fields(refused)
            gathered.refusals.append(f"{file.filename}: {sentences['photos']}")
    return gathered
