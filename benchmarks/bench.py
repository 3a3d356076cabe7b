"""What every family of rows works with: the environments, the documents, the packages, and how many rounds to run."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks import environments, peers
from benchmarks.environments import Environments
from benchmarks.peers import Documents
from benchmarks.rows import NotMeasured
from generator import fetch
from generator.errors import GeneratorError
from generator.release import Release, load_release

_LONGEST = 570  # seconds of a whole run, less a few to write the results
ROOT = Path(__file__).resolve().parents[1]
PROBES = Path(__file__).with_name("probes")
NAMES = (
    "plain", "speed", "generators", "openapi-python-client", "openapi-generator", "crozier", "kubernetes", "lightkube",
    "openai", "parsers",
)  # fmt: skip


@frozen
class Bench:
    """What there is to measure with."""

    release: Release
    folder: Path  # all that a run makes is below it
    wheel: Path
    environments: Environments
    documents: Documents | None  # None where the published files cannot be had
    reasons: Mapping[tuple[str, str], str]  # why a tool made no package of a source
    quick: bool
    deadline: float  # of time.monotonic(): when ten minutes are over
    say: Callable[[str], None]

    @property
    def package(self) -> Path:
        """The client package as it is committed."""
        return ROOT / "generated" / self.release.name

    @property
    def generated(self) -> Path:
        """The folder of the packages that other generators made."""
        return self.folder / "generated"

    @property
    def mirror(self) -> Path:
        """A mirror folder of the published files, so that no run waits for the network."""
        return self.folder / "mirror"

    def remaining(self) -> float:
        """The seconds that are left of ten minutes."""
        return self.deadline - time.monotonic()

    def rounds(self, usual: int) -> int:
        """How many rounds to run: as usual, or few."""
        return max(2, usual // 5) if self.quick else usual

    def peer(self, tool: str, *sources: str) -> Path:
        """The interpreter that can import what a tool made of some sources.

        Raises:
            NotMeasured: there is no such package.
        """
        if self.documents is None:
            raise NotMeasured("the published files cannot be had")
        for source in sources:
            if (tool, source) in self.reasons:
                raise NotMeasured(self.reasons[tool, source])
        return self.environments.python(tool)

    def scratch(self, name: str) -> Path:
        """An empty folder."""
        folder = self.folder / "scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def prepare(folder: Path, *, quick: bool, say: Callable[[str], None]) -> Bench:
    """Build the client's wheel, make the environments, and have the peers make their packages."""
    deadline = time.monotonic() + _LONGEST
    release = load_release(ROOT / "specs" / "release-3.0")
    package = ROOT / "generated" / release.name
    wheel = environments.build_wheel(package, folder / "wheel")
    say("Environments of what is compared (made once, kept in build/bench) ...")
    made = environments.prepare(folder / "environments", wheel, NAMES)
    for name, reason in made.reasons.items():
        say(f"  {name}: {reason}")
    documents, reasons = None, {}
    sources = _sources(release, say)
    if sources:
        write_mirror(release, sources, folder / "mirror")
        corrected = json.loads((package / "openapi.json").read_bytes())
        documents = peers.write_documents(release, sources, corrected, folder / "documents")
        say("Packages of the other generators (made once) ...")
        reasons = peers.generate(documents, made, folder / "generated")
        for (tool, source), reason in reasons.items():
            say(f"  {tool}, {source}: {reason}")
    return Bench(release, folder, wheel, made, documents, reasons, quick, deadline, say)


def write_mirror(release: Release, sources: Sequence[bytes], folder: Path) -> None:
    """Lay out the files of a release as a mirror has them."""
    for source, data in zip(release.sources, sources, strict=True):
        file = folder / source.commit / source.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _sources(release: Release, say: Callable[[str], None]) -> Sequence[bytes]:
    try:
        return fetch.fetch(release, mirror=os.environ.get("SPEC_MIRROR"))
    except GeneratorError as reason:
        say(f"  {str(reason).splitlines()[0]}")
        return ()


def manifest(bench: Bench) -> dict[str, Any]:
    """The manifest of the client package."""
    content: dict[str, Any] = json.loads((bench.package / "manifest.json").read_bytes())
    return content
