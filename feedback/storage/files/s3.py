"""Files in a bucket of an S3-compatible store.

A put is one request, so a file is there whole or not at all, as the protocol demands.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from feedback.storage.files.keys import checked, is_key

IN_MEMORY_BYTES = 1024 * 1024
MISSING = {"404", "NoSuchKey"}
PATIENCE_SECONDS = 5
TRIES = 4
PAGE_SIZE = 1000


class S3Files:
    """A FileStore in one bucket, under a prefix. Credentials come from where AWS' tools look.

    `endpoint_url` None is Amazon's own. The client is made on first use: connections opened before
    a fork would be shared by the children.
    """

    def __init__(
        self, bucket: str, prefix: str = "", endpoint_url: str | None = None, region: str = ""
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._endpoint_url = endpoint_url
        self._region = region or "us-east-1"

    def put(self, key: str, data: bytes | BinaryIO) -> None:
        """See FileStore."""
        place = self._place(key)
        if isinstance(data, bytes):
            self._client.put_object(**place, Body=data)
            return
        # Read to its end first: a sender that goes away must not leave half a file.
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as whole:
            shutil.copyfileobj(data, whole)
            whole.seek(0)
            self._client.put_object(**place, Body=whole)

    def open(self, key: str) -> BinaryIO:
        """See FileStore."""
        place = self._place(key)
        try:
            answer = self._client.get_object(**place)
        except ClientError as error:
            raise _translated(error, key) from error
        # Closed by whoever reads it, as a file of the disk is.
        content = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115
        shutil.copyfileobj(answer["Body"], content)
        content.seek(0)
        return cast(BinaryIO, content)

    def delete(self, key: str) -> None:
        """See FileStore."""
        self._client.delete_object(**self._place(key))

    def exists(self, key: str) -> bool:
        """See FileStore."""
        return self.stored_at(key) is not None

    def stored_at(self, key: str) -> datetime | None:
        """See FileStore."""
        try:
            head = self._client.head_object(**self._place(key))
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        return cast(datetime, head["LastModified"]).astimezone(UTC)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See FileStore."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket,
            Prefix=self._prefix + prefix,
            PaginationConfig={"PageSize": PAGE_SIZE},
        )
        for page in pages:
            for found in page.get("Contents", ()):
                key = found["Key"].removeprefix(self._prefix)
                if is_key(key):
                    yield key

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked(key)}

    @cached_property
    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self._endpoint_url,
            region_name=self._region,
            config=Config(
                connect_timeout=PATIENCE_SECONDS,
                read_timeout=PATIENCE_SECONDS * 6,
                retries={"max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": "path" if self._endpoint_url else "auto"},
            ),
        )


def _is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in MISSING


def _translated(error: ClientError, key: str) -> Exception:
    return FileNotFoundError(key) if _is_missing(error) else error
