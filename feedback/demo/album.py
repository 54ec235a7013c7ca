"""The demo city's photos: sixty drawn pictures, uploaded and processed like anybody's.

A picture's first upload goes through `upload_photo` and `process_photo`. Whoever sends the same
picture again gets a row of his own like it: its files, named by their content, are there already.
"""

import io
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any, BinaryIO

from sqlalchemy import insert

from feedback.demo.pictures import VARIANTS, draw_picture
from feedback.domain.states import PhotoPurpose
from feedback.imaging import render
from feedback.operations.city import City
from feedback.operations.process_photo import process_photo
from feedback.operations.transaction import reading, transaction
from feedback.operations.upload_photo import upload_photo
from feedback.storage.files.keys import ORIGINALS
from feedback.storage.files.protocol import FileStore
from feedback.storage.models import Photo
from feedback.storage.tables import table_of

INSPECTION = "inspection"
UPLOAD_TIME = timedelta(seconds=40)  # a photo is there this long before the form it belongs to
# What the rows of one picture have in common once it is processed.
COMMON = (
    *("state", "original_key", "original_sha256", "original_bytes"),
    *("large_key", "small_key", "width", "height"),
)


class Album:
    """Gives photos to stories: by scene, before or after the matter was mended."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._processed: dict[bytes, dict[str, Any]] = {}

    def draw_all(self) -> None:
        """Draw and render every picture now, so that processes forked from here share them."""

        def draw(scene: str, variant: int, mended: bool) -> None:
            _render_once(draw_picture(scene, variant, mended=mended, seed=self._seed))

        pictures = [
            (scene, variant, mended)
            for scene, variants in VARIANTS.items()
            for variant in range(variants)
            for mended in (False, True)
        ]
        # Threads are enough: most of it happens outside Python.
        with ThreadPoolExecutor() as painters:
            list(painters.map(draw, *zip(*pictures, strict=True)))

    def photos(
        self,
        scene: str,
        count: int,
        *,
        mended: bool,
        purpose: PhotoPurpose,
        city: City,
        random: Random,
        now: datetime,
    ) -> tuple[str, ...]:
        """Upload and process photos of a scene, `count` at most; returns their upload ids."""
        scene, at = scene or INSPECTION, now - UPLOAD_TIME
        first = random.randrange(VARIANTS[scene])
        ids, copies = [], []
        for number in range(min(count, VARIANTS[scene])):
            variant = (first + number) % VARIANTS[scene]
            picture = draw_picture(scene, variant, mended=mended, seed=self._seed)
            if picture not in self._processed:
                ids.append(self._upload(picture, purpose, city, at))
                continue
            ids.append(secrets.token_urlsafe(24))
            own = {
                "upload_id": ids[-1],
                "purpose": purpose,
                "uploaded_at": at,
                "processed_at": at,
            }
            copies.append(own | self._processed[picture])
        if copies:
            with transaction(city) as session:
                session.execute(_COPY, copies)
        return tuple(ids)

    def _upload(self, content: bytes, purpose: PhotoPurpose, city: City, at: datetime) -> str:
        photo = upload_photo(io.BytesIO(content), len(content), purpose=purpose, city=city, now=at)
        process_photo(photo.id, city=city, now=at, rendering=_render_once)
        with reading() as session:
            row = session.get_one(Photo, photo.id)
            self._processed[content] = {name: getattr(row, name) for name in COMMON}
            return row.upload_id


_render_once = cache(render)
_COPY = insert(table_of(Photo))


class QuickFiles:
    """A FileStore for the time of the load: originals stay in memory until they are processed, and
    a finished file that is there already is not written again."""

    def __init__(self, lasting: FileStore) -> None:
        self._lasting = lasting
        self._originals: dict[str, bytes] = {}

    def put(self, key: str, data: bytes | BinaryIO) -> None:
        """See FileStore."""
        if key.startswith(ORIGINALS):
            self._originals[key] = data if isinstance(data, bytes) else data.read()
        elif not self._lasting.exists(key):
            self._lasting.put(key, data)

    def open(self, key: str) -> BinaryIO:
        """See FileStore."""
        if key in self._originals:
            return io.BytesIO(self._originals[key])
        return self._lasting.open(key)

    def delete(self, key: str) -> None:
        """See FileStore."""
        if self._originals.pop(key, None) is None:
            self._lasting.delete(key)

    def exists(self, key: str) -> bool:
        """See FileStore."""
        return key in self._originals or self._lasting.exists(key)

    def stored_at(self, key: str) -> datetime | None:
        """See FileStore."""
        return self._lasting.stored_at(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See FileStore."""
        yield from (key for key in self._originals if key.startswith(prefix))
        yield from self._lasting.keys(prefix)
