"""The demo city's facts and words, as they stand in `data/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def read(name: str) -> dict[str, Any]:
    """A file of the data folder by its name without the ending, such as "texts/common"."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def city_settings() -> dict[str, str]:
    """What the demo city wants to be called and look like, as environment variables."""
    return dict(read("city")["settings"])
