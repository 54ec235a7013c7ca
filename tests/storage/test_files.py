"""One contract for every store of files, and what only the local disk promises."""

import io
import itertools
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from config import Settings
from feedback.app import create_app
from feedback.extensions import db
from feedback.storage.files import s3
from feedback.storage.files.choosing import open_files
from feedback.storage.files.keys import checked, original_key, photo_key
from feedback.storage.files.local import LocalFiles
from feedback.storage.files.protocol import FileStore
from feedback.storage.models import Photo
from tests.factories import create_upload

KEY = "originals/aB3-_defgh"
OTHER_KEY = "originals/another-one"


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """An empty store of each kind."""
    if request.param == "local":
        return LocalFiles(tmp_path / "files")
    address: str = request.getfixturevalue("bucket")
    return open_files(address, tmp_path)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks the S3 protocol."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new bucket's folder."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    name = f"city-{next(_numbers)}"
    boto3.client("s3", endpoint_url=s3_server, region_name="us-east-1").create_bucket(Bucket=name)
    return f"s3://{name}/feedback?endpoint={s3_server}"


_numbers = itertools.count(100)


def content_of(store: FileStore, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


@pytest.mark.parametrize("data", [b"", b"picture", bytes(range(256)) * 5000])
def test_what_is_put_can_be_opened(store: FileStore, data: bytes) -> None:
    store.put(KEY, data)
    assert content_of(store, KEY) == data


def test_an_open_file_can_be_put(store: FileStore) -> None:
    store.put(KEY, io.BytesIO(b"picture"))
    assert content_of(store, KEY) == b"picture"


def test_a_second_put_replaces_the_first(store: FileStore) -> None:
    store.put(KEY, b"first, and longer")
    store.put(KEY, b"second")
    assert content_of(store, KEY) == b"second"
    assert list(store.keys()) == [KEY]


def test_a_missing_file_is_said_to_be_missing(store: FileStore) -> None:
    assert not store.exists(KEY)
    with pytest.raises(FileNotFoundError):
        store.open(KEY)


def test_a_file_exists_until_it_is_deleted(store: FileStore) -> None:
    store.put(KEY, b"picture")
    assert store.exists(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


def test_deleting_twice_or_before_anything_was_put_is_fine(store: FileStore) -> None:
    store.delete(KEY)
    store.put(KEY, b"picture")
    store.delete(KEY)
    store.delete(KEY)


def test_a_file_opened_before_its_deletion_can_be_read_to_the_end(store: FileStore) -> None:
    store.put(KEY, b"picture")
    with store.open(KEY) as file:
        store.delete(KEY)
        assert file.read() == b"picture"


def test_keys_are_listed_by_prefix(store: FileStore) -> None:
    photo = photo_key(b"picture")
    for key in (KEY, OTHER_KEY, photo):
        store.put(key, b"x")
    assert sorted(store.keys()) == sorted([KEY, OTHER_KEY, photo])
    assert sorted(store.keys("originals/")) == sorted([KEY, OTHER_KEY])
    assert list(store.keys("originals/an")) == [OTHER_KEY]
    assert list(store.keys("nothing/")) == []


def test_an_empty_store_has_no_keys(store: FileStore) -> None:
    assert list(store.keys()) == []


NO_KEYS = [
    "",
    "originals/",
    "originals",
    "/etc/passwd",
    "/originals/abcdefgh",
    "originals/../../abcdefgh",
    "../originals/abcdefgh",
    "originals/..abcdefgh",
    "originals/.writing-abcdef",
    "originals/abc/defgh",
    "originals//abcdefgh",
    "originals/abc defgh",
    "originals/abcdefgh\n",
    "originals/abcdefgh\0",
    "originals/abcdefgh.JPG",
    "originals/abcdefgh.jpg.html",
    "originals\\abcdefgh",
    "originals/ảnh-đường-phố",
    "originals/" + "a" * 129,
]


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_is_refused_everywhere(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, b"x")
    with pytest.raises(ValueError, match="not a key"):
        store.open(key)
    with pytest.raises(ValueError, match="not a key"):
        store.delete(key)
    with pytest.raises(ValueError, match="not a key"):
        store.exists(key)
    assert list(store.keys()) == []


class BreakingFile(io.BytesIO):
    """An upload that fails half way."""

    def read(self, size: int | None = 10, /) -> bytes:
        content = super().read(min(size or 10, 10))
        if not content:
            raise OSError("the sender went away")
        return content


def test_a_put_that_fails_leaves_the_old_file(store: FileStore) -> None:
    store.put(KEY, b"old")
    with pytest.raises(OSError, match="went away"):
        store.put(KEY, BreakingFile(b"half of the new file"))
    with pytest.raises(OSError, match="went away"):
        store.put(OTHER_KEY, BreakingFile(b"half of another file"))
    assert content_of(store, KEY) == b"old"
    assert list(store.keys()) == [KEY]


def test_a_reader_never_sees_half_a_file(store: FileStore) -> None:
    versions = [bytes([letter]) * 300_000 for letter in b"abcd"]
    store.put(KEY, versions[0])
    done = threading.Event()

    def write() -> None:
        for _ in range(10):
            for version in versions:
                store.put(KEY, version)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert content_of(store, KEY) in versions
    writer.join()


def test_two_writers_of_the_same_content_do_not_disturb_each_other(store: FileStore) -> None:
    content = b"picture" * 1000
    key = photo_key(content)
    writers = [threading.Thread(target=store.put, args=(key, content)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert content_of(store, key) == content
    assert list(store.keys()) == [key]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is flushed to disk and renamed, in order."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").resolve()
        steps.append("flush folder" if path.is_dir() else "flush file")
        fsync(handle)

    def watched_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    yield steps


def test_the_local_disk_is_flushed_before_and_after_the_rename(
    tmp_path: Path, synced: list[str]
) -> None:
    store = LocalFiles(tmp_path)
    store.put(KEY, b"first")
    synced.clear()
    store.put(KEY, b"second")
    assert synced == ["flush file", "rename", "flush folder"]


def test_local_files_lie_in_folders_by_their_first_letters(tmp_path: Path) -> None:
    key = photo_key(b"picture")
    LocalFiles(tmp_path).put(key, b"picture")
    name = key.removeprefix("photos/")
    assert (tmp_path / "photos" / name[:2] / name).read_bytes() == b"picture"


def test_local_files_are_private_to_their_owner(tmp_path: Path) -> None:
    LocalFiles(tmp_path / "files").put(KEY, b"picture")
    modes = [path.stat().st_mode & 0o007 for path in (tmp_path / "files").rglob("*")]
    assert set(modes) == {0}


def test_strange_files_in_the_local_folder_are_no_keys(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path)
    store.put(KEY, b"picture")
    (tmp_path / "README").write_text("not ours")
    (tmp_path / "originals" / "aB" / ".writing-left-behind").write_bytes(b"half")
    assert list(store.keys()) == [KEY]


def test_original_keys_are_drawn_anew_each_time() -> None:
    drawn = {original_key() for _ in range(200)}
    assert len(drawn) == 200
    assert all(checked(key).startswith("originals/") and len(key) == 42 for key in drawn)


def test_an_original_key_takes_a_token_of_plain_letters_only() -> None:
    assert original_key("abcdefgh-123") == "originals/abcdefgh-123"
    with pytest.raises(ValueError, match="not a key"):
        original_key("../../secret")


def test_photo_keys_name_the_content() -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert photo_key(b"abc") == checked(f"photos/{digest}.jpg")


def test_two_prefixes_of_one_bucket_are_two_stores(bucket: str, tmp_path: Path) -> None:
    first = open_files(bucket, tmp_path)
    second = open_files(bucket.replace("/feedback?", "/other?"), tmp_path)
    first.put(KEY, b"picture")
    assert list(second.keys()) == []
    assert not second.exists(KEY)


def test_more_files_than_one_answer_holds_are_all_listed(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PAGE_SIZE", 3)
    store = open_files(bucket, tmp_path)
    keys = {f"originals/many-{number:05d}" for number in range(10)}
    for key in keys:
        store.put(key, b"x")
    assert set(store.keys("originals/")) == keys


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_city_keeps_its_photos_in_a_bucket(
    bucket: str, environment: dict[str, str], tmp_path: Path
) -> None:
    app = create_app(Settings.from_environment({**environment, "FILES_URL": bucket}))
    with app.app_context():
        create_upload(processed=True)
        [photo] = db.session.query(Photo).all()
        large = photo.large_key
        db.session.remove()
        db.engine.dispose()
    assert large in set(open_files(bucket, tmp_path).keys("photos/"))
    assert not (tmp_path / "data" / "files").exists()
    served = app.test_client().get(f"/media/{large.removeprefix('photos/')}")
    assert (served.status_code, served.mimetype) == (200, "image/jpeg")
    assert served.data == content_of(open_files(bucket, tmp_path), large)
