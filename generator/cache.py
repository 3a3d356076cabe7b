"""The cache folder of the person who runs this: what can be had again, and is done without where it cannot be kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path


def folder() -> Path:
    """Where entries are, unless somebody names another place; it need not exist."""
    nowhere = Path(os.devnull, "ks-codegen")
    try:
        place = user_cache_path("ks-codegen", appauthor=False)
    except RuntimeError:  # the user has no home
        return nowhere
    return place if place.is_absolute() else nowhere  # earlier platformdirs say `~`, a folder below the present one


def read(entry: Path) -> bytes | None:
    """What an entry holds; None where there is none, or it cannot be read."""
    try:
        return entry.read_bytes()
    except OSError:
        return None


def keep(entry: Path, data: bytes) -> None:
    """Write an entry at once or not at all; a cache that cannot be written is done without."""
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, entry)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return
