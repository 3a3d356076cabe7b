"""One of two states to compare: the published files at a ref or in a folder, one of them, or an OpenAPI document."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from generator import fetch, releases, surface, swagger, tree
from generator.conformance import check_form
from generator.digest import MEMBER as DIGEST
from generator.document import KIND_OF, operations
from generator.errors import GeneratorError
from generator.release import Release, Source
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI

_NAME_ONE = "Name a file, a branch, a tag or a commit"
_DOCUMENT = "openapi.json"  # of a package
_FILE = re.compile(r"[./~\\]|.*[.](json|ya?ml)\Z", re.IGNORECASE)  # what looks like a path and not like a ref


@frozen
class State:
    """What was read.

    Attributes:
        label: what it is called: a ref, a commit, or the file as it was named.
        sources: the bytes of each published file that the state has, by the name of its source; empty for a document.
        document: the OpenAPI document, where the state is one.
        beside: the pinned bytes of the other published files, where the state is one of them and they can be had.
        tree: the package, or as much of it as was kept, where the state is one.
    """

    label: str
    sources: Mapping[str, bytes]
    document: dict[str, Any] | None = None
    beside: Mapping[str, bytes] = field(factory=dict)
    tree: Mapping[str, bytes] | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """All published files that there are, its own and those beside them."""
        return {**self.beside, **self.sources}

    def digest(self, source: Source) -> str:
        return hashlib.sha256(self.files[source.name]).hexdigest()


def read(name: str | None, release: Release, *, mirror: str | None, offline: bool, cache: Path | None = None) -> State:
    """Read a state.

    Args:
        name: a released version; a file; a folder with the layout of upstream's repository, or with a package of ours;
            a branch, tag or commit. None for what release.toml pins.

    Raises:
        GeneratorError: it is none of these, or cannot be read.
    """
    pinned = partial(_pinned, release, mirror=mirror, offline=offline, cache=cache)
    if name is None:
        return State(f"{release.name} as pinned", pinned())
    if name in releases.load(release.folder.parent.parent):
        return _released(name, release)
    try:
        found = _on_disk(name, release, pinned) if name else None
    except OSError as error:
        raise GeneratorError(f"{name[:100]!a} cannot be read: {error.strerror}.\n{_NAME_ONE}.") from None
    if found is not None:
        return found
    if _FILE.match(name):
        raise GeneratorError(f"There is no file {name!a}.\n{_NAME_ONE}.")
    refs = {source.name: name for source in release.sources}
    return at(refs, release, mirror=mirror, offline=offline, label=name)


def tip(release: Release, *, mirror: str | None, offline: bool) -> State:
    """The published files at the tip of the branch that each source follows."""
    refs = {source.name: source.ref for source in release.sources}
    return at(refs, release, mirror=mirror, offline=offline, label=" and ".join(dict.fromkeys(refs.values())))


def commits(release: Release, to: str | None, *, mirror: str | None, offline: bool) -> dict[str, str]:
    """The commit of each source, by its name: in its own repository, of a branch or tag, or of the branch it follows."""
    together: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in release.sources:
        together[source.repository, to or source.ref].append(source)
    found = {}
    for (repository, ref), sources in together.items():
        paths = [one.path for one in sources]
        commit = fetch.resolve(repository, ref, mirror=mirror, offline=offline, paths=paths)
        found.update({one.name: commit for one in sources})
    return found


def at(refs: Mapping[str, str], release: Release, *, mirror: str | None, offline: bool, label: str) -> State:
    """The published files, each at a branch, tag or commit; `refs` has it by the name of the source."""
    files = {
        name: fetch.fetch_at(source, refs[name], mirror=mirror, offline=offline)
        for source in release.sources
        for name in [source.name]
    }
    return State(label, files)


def is_finished(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of ours, under its final names, so that a package can be made of it."""
    return DIGEST in document and "x-kubesphere" in document


def _released(version: str, release: Release) -> State:
    """A released version, of which the surface is kept."""
    kept = surface.load(release.folder)
    if kept is None or kept.version != version:
        raise GeneratorError(
            f"The surface of {version} is not kept in specs/{release.name}/{surface.FOLDER}.\n"
            "Name the last released version of the release, or a package of another one in a folder."
        )
    return State(version, {}, dict(kept.document), tree=kept.tree)


def _on_disk(name: str, release: Release, pinned: Callable[[], dict[str, bytes]]) -> State | None:
    """What a name says that is a path; None where there is nothing of that name."""
    path = Path(name)
    if (path / _DOCUMENT).is_file():
        return evolve(_one_file(path / _DOCUMENT, name, release), tree=tree.read(path))
    if path.is_dir():
        return State(name, {source.name: fetch.read_file(path / source.path) for source in release.sources})
    if path.is_file():
        return _beside_pinned(_one_file(path, name, release), pinned)
    if path.exists():
        raise GeneratorError(f"{name} is a pipe or a device.\nName a file that holds what comes out of it.")
    return None


def _pinned(release: Release, *, mirror: str | None, offline: bool, cache: Path | None) -> dict[str, bytes]:
    every = fetch.fetch(release, mirror=mirror, offline=offline, cache=cache)
    return {source.name: data for source, data in zip(release.sources, every, strict=True)}


def _beside_pinned(state: State, pinned: Callable[[], dict[str, bytes]]) -> State:
    """A state of one published file with the others as they are pinned: all together make a package."""
    if state.document is not None:
        return state
    try:
        others = {name: data for name, data in pinned().items() if name not in state.sources}
    except fetch.SourcesUnreachable:
        return state
    return evolve(state, beside=others)


def _one_file(path: Path, name: str, release: Release) -> State:
    data = fetch.read_file(path)
    content = swagger.parse(data, source=name)
    if isinstance(content, dict) and str(content.get("openapi", "")).startswith("3.1"):
        try:
            check_form(content)
        except GeneratorError as error:
            raise GeneratorError(f"{name}: {str(error).splitlines()[0]}\nName a valid document.") from None
        return State(name, {}, content)
    if isinstance(content, dict) and content.get("swagger") == "2.0":
        return State(name, {_source_of(path, content, release).name: data})
    raise GeneratorError(f"{name} is neither Swagger 2.0 nor OpenAPI 3.1.\nName one of the published files, or ours.")


def _source_of(path: Path, content: Mapping[str, Any], release: Release) -> Source:
    """The source that a file is a state of: by its path, else by the tool that visibly wrote it."""
    for source in release.sources:
        if path.as_posix().endswith(source.path):
            return source
    paths = content.get("paths")
    plain = isinstance(paths, dict) and all(isinstance(item, dict) for item in paths.values())
    marked = plain and any(KIND_OF in operation for _, _, operation in operations(content))
    writer = KUBE_OPENAPI if marked else GO_RESTFUL
    for source in release.sources:
        if source.writer == writer:
            return source
    return release.sources[0]
