"""The demo city's photos: sixty drawn pictures, uploaded and processed like anybody's.

Each upload goes through `upload_photo` and `process_photo`. Only the decoding of a picture that was
decoded before is not done again, and its files, named by their content, are not written twice.
"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import BinaryIO

from feedback.demo.pictures import VARIANTS, draw_picture
from feedback.domain.states import PhotoPurpose
from feedback.imaging import render
from feedback.operations.city import City
from feedback.operations.process_photo import process_photo
from feedback.operations.upload_photo import upload_photo
from feedback.storage.files.keys import ORIGINALS
from feedback.storage.files.protocol import FileStore

INSPECTION = "inspection"
UPLOAD_TIME = timedelta(seconds=40)  # a photo is there this long before the form it belongs to


class Album:
    """Gives photos to stories: by scene, before or after the matter was mended."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def draw_all(self) -> None:
        """Draw and render every picture now, so that processes forked from here share them."""
        for scene, variants in VARIANTS.items():
            for variant in range(variants):
                for mended in (False, True):
                    _render_once(draw_picture(scene, variant, mended=mended, seed=self._seed))

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
        scene = scene or INSPECTION
        first = random.randrange(VARIANTS[scene])
        return tuple(
            self._upload(
                draw_picture(
                    scene, (first + number) % VARIANTS[scene], mended=mended, seed=self._seed
                ),
                purpose,
                city,
                now - UPLOAD_TIME,
            )
            for number in range(min(count, VARIANTS[scene]))
        )

    def _upload(self, content: bytes, purpose: PhotoPurpose, city: City, at: datetime) -> str:
        photo = upload_photo(io.BytesIO(content), len(content), purpose=purpose, city=city, now=at)
        upload_id = photo.upload_id
        process_photo(photo.id, city=city, now=at, rendering=_render_once)
        return upload_id


_render_once = cache(render)


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
