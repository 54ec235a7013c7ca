"""Uploads nobody used are removed, and nothing that somebody uses."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback.operations.remove_left_uploads import remove_left_uploads
from feedback.operations.transaction import reading
from feedback.storage.files.keys import original_key
from feedback.storage.models import Photo
from tests.factories import create_report, create_upload, the_city

pytestmark = pytest.mark.usefixtures("app_context")

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    """The real time: files carry their own."""
    return datetime.now(UTC)


def upload_ids() -> set[str]:
    with reading() as session:
        return {photo.upload_id for photo in session.query(Photo)}


def files() -> set[str]:
    return set(the_city().files.keys())


def sweep(at: datetime) -> None:
    remove_left_uploads(city=the_city(), now=at)


@pytest.mark.parametrize("processed", [False, True])
def test_an_upload_left_for_a_day_goes_with_its_files(now: datetime, processed: bool) -> None:
    create_upload(now=now, processed=processed)
    sweep(now + 23 * HOUR)
    assert (len(upload_ids()), len(files())) == (1, 2 if processed else 1)
    sweep(now + 25 * HOUR)
    assert (upload_ids(), files()) == (set(), set())


def test_photos_of_reports_stay(now: datetime) -> None:
    done, waiting = create_upload(now=now, processed=True), create_upload(now=now)
    create_report(photo_ids=(done, waiting), now=now)
    before = files()
    sweep(now + 25 * HOUR)
    assert (upload_ids(), files()) == ({done, waiting}, before)


def test_a_file_that_another_photo_shares_stays(now: datetime) -> None:
    create_upload(now=now, colour="red", processed=True)
    kept = create_upload(now=now, colour="red", processed=True)
    create_upload(now=now, colour="blue", processed=True)
    create_report(photo_ids=(kept,), now=now)
    assert len(files()) == 4
    sweep(now + 25 * HOUR)
    assert upload_ids() == {kept}
    assert len(files()) == 2


def test_a_file_put_again_just_now_stays_for_the_photo_that_is_being_processed(
    now: datetime,
) -> None:
    long_ago = now - 30 * HOUR
    create_upload(now=long_ago, processed=True)
    sweep(now)  # the files on the disk are young: somebody has put them again
    assert upload_ids() == set()
    assert len(files()) == 2


def test_an_original_without_a_photo_goes_after_a_day(now: datetime) -> None:
    the_city().files.put(original_key(), b"sent, and then the server died")
    sweep(now + 23 * HOUR)
    assert len(files()) == 1
    sweep(now + 25 * HOUR)
    assert files() == set()
