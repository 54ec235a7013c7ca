"""The pool of sixty pictures that all of the demo city's photos are taken from.

Common matters have two variants, rare ones one, each before and after it was mended.
"""

import io
from functools import cache
from random import Random
from typing import Protocol

from feedback.demo.pictures import more_scenes, scenes
from feedback.demo.pictures.canvas import Canvas

QUALITY = 84


class Scene(Protocol):
    """Draws one matter, before or after it was mended."""

    __name__: str

    def __call__(self, random: Random, *, mended: bool) -> Canvas:
        """The drawing."""
        ...


COMMON: tuple[Scene, ...] = (
    scenes.rubbish,
    scenes.pothole,
    scenes.flood,
    scenes.drain,
    scenes.rubble,
    scenes.works,
    more_scenes.lamp,
    more_scenes.cables,
    more_scenes.tree,
    more_scenes.stalls,
    more_scenes.sign,
)
RARE: tuple[Scene, ...] = (
    scenes.canal,
    scenes.pavement,
    scenes.pipe,
    more_scenes.park,
    more_scenes.wall,
    more_scenes.adverts,
    more_scenes.animal,
    more_scenes.inspection,
)


VARIANTS = {scene.__name__: 2 for scene in COMMON} | {scene.__name__: 1 for scene in RARE}
_SCENES = {scene.__name__: scene for scene in (*COMMON, *RARE)}


@cache
def draw_picture(scene: str, variant: int, *, mended: bool, seed: int) -> bytes:
    """One picture of the pool as a JPEG file; the same arguments draw the same one.

    The place stays the same once the matter is mended. Raises KeyError for an unknown scene.
    """
    canvas = _SCENES[scene](Random(f"{seed}:{scene}:{variant}"), mended=mended)
    target = io.BytesIO()
    canvas.finished().save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
