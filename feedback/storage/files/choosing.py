"""Which store of files an installation has."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from feedback.storage.files.local import LocalFiles
from feedback.storage.files.protocol import FileStore


def open_files(files_url: str, data_dir: Path) -> FileStore:
    """The store that `files_url` names; "" is a folder of the data folder.

    `s3://bucket/prefix?endpoint=https://…&region=…`, where all but the bucket may be left out.
    Touches neither disk nor network.
    """
    if not files_url:
        return LocalFiles(data_dir / "files")
    # The client's libraries are large, and most installations have none of it.
    from feedback.storage.files.s3 import S3Files  # noqa: PLC0415

    address = urlsplit(files_url)
    more = parse_qs(address.query)
    return S3Files(
        address.netloc,
        address.path,
        endpoint_url=more.get("endpoint", [None])[0],
        region=more.get("region", [""])[0],
    )
