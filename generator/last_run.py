"""What the last run on this machine gave, so that one on the same input need not be made again.

A run is a function: the bytes of the package follow from the pinned sources, the files of the project, this code and the
packages it uses. The cache has, for each release of a project, a digest over all of them beside one over the package that
came out. Where both are those of now, the package that is there is what a run would give; in any other case, such as an
entry that is missing, damaged or another one's, the run is made. The sources are not read: their digests are pinned.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator import cache as kept
from generator import tree
from generator.release import Release
from generator.releases import content_digest

_CODE = Path(__file__).parent
_ODD = "backslashreplace"  # what becomes of a file's name that is no text


class LastRun:
    """What is known of the last run for a release, and whether its input is that of now."""

    def __init__(self, release: Release, *, root: Path, cache: Path | None = None) -> None:
        self._release = release
        self._root = root
        self._inputs = self._digest()
        name = hashlib.sha256(f"{root.resolve()}\0{release.name}".encode(errors=_ODD)).hexdigest()[:32]
        self._entry = (kept.folder() if cache is None else cache) / f"last-run-{name}.json"

    def recall(self, target: Path) -> tuple[dict[str, bytes], list[str]] | None:
        """The package in a folder and what the run reported, where a run would give the same; else None."""
        try:
            entry = json.loads(kept.read(self._entry) or b"{}")
            match entry:
                case {"inputs": str(inputs), "content": str(content), "lines": [*lines]} if inputs == self._inputs:
                    files = tree.read(target)
                    if content_digest(files) == content and all(isinstance(line, str) for line in lines):
                        return files, lines
        except (OSError, ValueError, RecursionError):
            pass  # the run tells what is wrong
        return None

    def keep(self, files: tree.Tree, lines: Sequence[str]) -> None:
        """Keep what a run gave and reported, unless somebody changed its input meanwhile."""
        if self._inputs is not None and self._inputs == self._digest():
            entry = {"inputs": self._inputs, "content": content_digest(files), "lines": list(lines)}
            kept.keep(self._entry, json.dumps(entry, indent=1).encode())

    def _digest(self) -> str | None:
        """A digest over all that decides what a run gives; None where not all of it can be read."""
        digest = hashlib.sha256(repr(self._release).encode(errors=_ODD))
        try:
            for path in self._files():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path}\0{content}\n".encode(errors=_ODD))
        except OSError:
            return None
        for line in _surroundings():
            digest.update(f"{line}\n".encode(errors=_ODD))
        return digest.hexdigest()

    def _files(self) -> Iterator[Path]:
        """The files that a run reads, and their neighbours: one that is added may count as well."""
        for folder in (_CODE, self._root / "templates", self._release.folder):
            yield from sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        yield from self._release.overlays
        yield self._release.names
        yield from (self._root / name for name in ("LICENSE", "NOTICE"))


def _surroundings() -> Iterator[str]:
    """Python, and each package that it could import with its version, in the order in which they are looked for."""
    yield f"{sys.implementation.name} {sys.version} {platform.machine()} {sys.platform}"
    for folder in sys.path:
        try:
            yield from sorted(name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue  # an archive, or nothing
