"""What a version that is about to be released brings to those who have the last one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import drift
from generator.drift import state
from generator.drift.finding import Level
from generator.drift.reports import wording
from generator.errors import GeneratorError
from generator.release import Release
from generator.releases import Released


def since_last(last: Released | None, release: Release, *, root: Path) -> Iterator[str]:
    """The changes between the last released version and the committed package, in words; nothing where it is the first.

    Raises:
        GeneratorError: the surface of the last version is not kept, or damaged.
    """
    if last is None:
        return
    package = f"generated/{release.name}"
    old, new = (state.read(name, release, mirror=None, offline=True) for name in (last.version, str(root / package)))
    found = drift.compare(old, new, release, root=root)
    if found.uncompared:
        raise GeneratorError(f"{last.version} and {package} cannot be compared.\n{found.notices[0]}")
    yield f"Since {last.version}: {wording.verdict(found)}"
    if found.worst is Level.BREAKING:
        yield f"BREAKING: see `ks-codegen drift --from {last.version} --to {package}`; the changelog has to name each."
