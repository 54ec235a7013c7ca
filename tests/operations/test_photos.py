"""A photo on its way: uploaded, rendered, shown; or broken, and what that costs."""

import io
from typing import Any

import pytest
from PIL import Image

from feedback.domain.errors import Invalid
from feedback.domain.events import Event
from feedback.domain.states import PhotoProblem, PhotoPurpose, PhotoState, ReportState
from feedback.operations.process_photo import process_photo
from feedback.operations.submit_report import submit_report
from feedback.operations.transaction import reading
from feedback.operations.upload_photo import upload_photo
from feedback.storage.files.keys import photo_key
from feedback.storage.models import OutboxRow, Photo
from tests.factories import MONDAY, the_city
from tests.imaging.pictures import exif_with, gps_at
from tests.operations.lives import load
from tests.operations.test_submit_report import draft_of
from tests.support.photos import photo_bytes

pytestmark = pytest.mark.usefixtures("app_context")

HUE = (16.4637, 107.5909)


def upload(content: bytes, **more: Any) -> Photo:
    """Upload a file for a report."""
    given = {"purpose": PhotoPurpose.REPORT, "city": the_city(), "now": MONDAY, **more}
    return upload_photo(io.BytesIO(content), len(content), **given)


def stored(photo: Photo) -> Photo:
    """The photo as it is stored now, detached."""
    with reading() as session:
        session.expire_all()
        found = session.get_one(Photo, photo.id)
        session.refresh(found)
        session.expunge(found)
    return found


def files() -> set[str]:
    """Every file there is."""
    return set(the_city().files.keys())


def geotagged() -> bytes:
    """A JPEG that says where it was taken."""
    target = io.BytesIO()
    exif = exif_with(gps=gps_at((16, 27, 49.32), (107, 35, 27.24)))
    Image.new("RGB", (64, 48), "red").save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_an_upload_is_kept_promised_and_readable_without_the_database() -> None:
    content = photo_bytes()
    photo = upload(content)
    assert (photo.state, photo.original_bytes) == (PhotoState.UPLOADED, len(content))
    assert (photo.purpose, photo.position, photo.report_id) == (PhotoPurpose.REPORT, 0, None)
    assert len(photo.upload_id) >= 32
    with the_city().files.open(photo.original_key) as original:
        assert original.read() == content
    with reading() as session:
        (row,) = session.query(OutboxRow).all()
        assert (row.event, row.payload) == (Event.PHOTO_UPLOADED, {"photo_id": photo.id})


def test_processing_leaves_two_sizes_named_by_content_and_no_original() -> None:
    photo = upload(photo_bytes(size=(2000, 1000)))
    process_photo(photo.id, city=the_city(), now=MONDAY)
    done = stored(photo)
    assert (done.state, done.problem, done.processed_at) == (PhotoState.READY, None, MONDAY)
    assert (done.width, done.height) == (1600, 800)
    assert files() == {done.large_key, done.small_key}
    for key, longest in ((done.large_key, 1600), (done.small_key, 320)):
        with the_city().files.open(key) as file:
            content = file.read()
        assert key == photo_key(content)
        assert max(Image.open(io.BytesIO(content)).size) == longest


def test_processing_twice_does_nothing_the_second_time() -> None:
    photo = upload(photo_bytes())
    process_photo(photo.id, city=the_city(), now=MONDAY)
    first, kept = stored(photo), files()
    process_photo(photo.id, city=the_city(), now=MONDAY.replace(hour=9))
    process_photo(999_999, city=the_city(), now=MONDAY)
    assert stored(photo).processed_at == first.processed_at
    assert files() == kept


def test_the_same_picture_twice_is_kept_once() -> None:
    photos = [upload(photo_bytes()), upload(photo_bytes())]
    for photo in photos:
        process_photo(photo.id, city=the_city(), now=MONDAY)
    first, second = (stored(photo) for photo in photos)
    assert first.upload_id != second.upload_id
    assert first.large_key == second.large_key
    assert files() == {first.large_key, first.small_key}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", PhotoProblem.EMPTY),
        (b"hello, this is no picture", PhotoProblem.NOT_AN_IMAGE),
        (b"GIF89a" + b"\0" * 50, PhotoProblem.UNSUPPORTED_FORMAT),
        (photo_bytes()[:100], PhotoProblem.BROKEN),
        (photo_bytes() + b"\0" * (15 * 1024 * 1024), PhotoProblem.TOO_LARGE_FILE),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_header_that_tells_of_a_problem_is_refused_at_once(
    content: bytes, problem: PhotoProblem
) -> None:
    with pytest.raises(Invalid) as invalid:
        upload(content)
    assert invalid.value.fields == {"photos": problem.value}
    assert files() == set()


def test_a_file_that_breaks_later_costs_its_report_nothing_else() -> None:
    # Whole in its header, cut in its pixels.
    photo = upload(photo_bytes(size=(1200, 900))[:800])
    draft = draft_of(photo_ids=(photo.upload_id,))
    receipt = submit_report(draft, city=the_city(), now=MONDAY)
    before = load(receipt.report_id)

    process_photo(photo.id, city=the_city(), now=MONDAY)

    failed = stored(photo)
    assert (failed.state, failed.problem) == (PhotoState.FAILED, PhotoProblem.BROKEN)
    assert (failed.large_key, failed.small_key, failed.width) == ("", "", None)
    assert (failed.report_id, failed.processed_at) == (receipt.report_id, MONDAY)
    assert files() == set()
    report = load(receipt.report_id)
    assert (report.state, report.version) == (ReportState.RECEIVED, before.version)
    process_photo(photo.id, city=the_city(), now=MONDAY)
    assert submit_report(draft, city=the_city(), now=MONDAY).repeated


def test_the_place_in_a_photo_is_read_only_with_the_reporters_consent() -> None:
    agreed, silent = upload(geotagged(), read_place=True), upload(geotagged())
    assert (agreed.latitude, agreed.longitude) == pytest.approx(HUE, abs=1e-4)
    assert (silent.latitude, silent.longitude) == (None, None)
    nowhere = upload(photo_bytes(), read_place=True)
    assert (nowhere.latitude, nowhere.longitude) == (None, None)

    process_photo(agreed.id, city=the_city(), now=MONDAY)
    with the_city().files.open(stored(agreed).large_key) as file:
        assert not Image.open(io.BytesIO(file.read())).getexif()


def test_uploads_are_attached_before_or_after_they_are_processed() -> None:
    early, late = upload(photo_bytes("red")), upload(photo_bytes("blue"))
    process_photo(early.id, city=the_city(), now=MONDAY)
    draft = draft_of(photo_ids=(late.upload_id, early.upload_id))
    report_id = submit_report(draft, city=the_city(), now=MONDAY).report_id
    process_photo(late.id, city=the_city(), now=MONDAY)
    for position, photo in enumerate((late, early)):
        done = stored(photo)
        assert (done.state, done.report_id) == (PhotoState.READY, report_id)
        assert done.position == position
