"""Photos sent ahead of the form they belong to."""

from http import HTTPStatus

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.domain.states import PhotoPurpose
from feedback.web.citizen.blueprint import pages
from feedback.web.forms import sent_files
from feedback.web.uploads import receive

PURPOSES = {
    PhotoPurpose.REPORT,
    PhotoPurpose.RATING,
    PhotoPurpose.REPLY,
    PhotoPurpose.COUNTER,
}


@pages.post("/photos")
def upload_photo() -> ResponseReturnValue:
    """Keep one photo and answer with its id, and with its place when the reporter agreed."""
    files = sent_files("photo")
    wanted = request.form.get("purpose", PhotoPurpose.REPORT)
    if len(files) != 1 or wanted not in PURPOSES:
        raise Invalid({"photos": "empty"})
    photo = receive(
        files[0], PhotoPurpose(wanted), read_place=request.form.get("use_photo_place") == "1"
    )
    answer: dict[str, object] = {"id": photo.upload_id}
    if photo.latitude is not None:
        answer |= {"latitude": photo.latitude, "longitude": photo.longitude}
    return jsonify(answer), HTTPStatus.CREATED
