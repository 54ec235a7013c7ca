"""Two thousand files that are no honest photos: each is refused in words or made harmless."""

import io
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from feedback.domain.states import PhotoState
from feedback.operations.process_photo import process_photo
from feedback.operations.transaction import reading
from feedback.storage.models import Photo
from tests.factories import MONDAY, the_city
from tests.support.hostile import COUNT, Hostile, hostile_files
from tests.support.staff import new_client
from tests.web.forms import csrf_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_file_breaks_the_upload_its_processing_or_what_is_served(app: Flask) -> None:
    client = new_client(app)
    token = csrf_of(client)
    answers: Counter[int] = Counter()
    for sent in hostile_files():
        # Encoded here: the client itself would leave large bodies in open temporary files.
        photo = FileStorage(io.BytesIO(sent.content), sent.name)
        boundary, body = encode_multipart({"csrf_token": token, "photo": photo})
        answer = client.post(
            "/photos",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Accept": "application/json"},
        )
        assert answer.status_code in {201, 422}, sent[:2]
        answers[answer.status_code] += 1
    assert answers.total() == COUNT
    assert min(answers[201], answers[422]) > COUNT / 10  # both happen a good many times
    with app.app_context():
        states = processed_all()
        assert set(states) == {PhotoState.READY, PhotoState.FAILED}
        assert states.total() == answers[201]
        only_clean_pictures_are_kept()


def processed_all() -> Counter[PhotoState]:
    """Process every upload that was accepted; what became of them."""
    with reading() as session:
        ids = session.scalars(select(Photo.id)).all()
    for photo_id in ids:
        process_photo(photo_id, city=the_city(), now=MONDAY)
    with reading() as session:
        return Counter(session.scalars(select(Photo.state)).all())


def only_clean_pictures_are_kept() -> None:
    """The store holds no original any more, and nothing in it is more than a plain JPEG."""
    files = the_city().files
    assert list(files.keys("originals/")) == []
    for key in files.keys("photos/"):
        with files.open(key) as file:
            content = file.read()
        assert content.startswith(b"\xff\xd8\xff")
        assert content.endswith(b"\xff\xd9")
        assert not any(trace in content for trace in (b"<script", b"%PDF", b"PK\x03\x04", b"Exif"))


def test_the_files_are_the_same_every_time() -> None:
    first, second = list(hostile_files(40)), list(hostile_files(40))
    assert first == second
    assert all(isinstance(file, Hostile) for file in first)
