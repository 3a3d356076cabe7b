"""release.toml: what to fetch, pinned to its bytes, and what to call it."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

from attrs import frozen

from generator.errors import GeneratorError
from generator.refs import check_ref

WRITERS = ("go-restful", "kube-openapi")
LEDGER = "defects.toml"
_REPOSITORY = re.compile(r"https://[A-Za-z0-9.-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+\Z")
_PATTERNS = {
    "name": re.compile(r"[a-z][a-z0-9-]*\Z"),
    "repository": _REPOSITORY,
    "commit": re.compile(r"[0-9a-f]{40}\Z"),
    "sha256": re.compile(r"[0-9a-f]{64}\Z"),
}
_RELEASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\Z")
_VERSION = re.compile(r"\d+\.\d+\.\d+\Z", re.ASCII)


@frozen
class Source:
    """One published file, pinned to a commit and to its digest."""

    name: str
    writer: str  # the tool that wrote it: "go-restful" or "kube-openapi"
    repository: str
    ref: str
    commit: str
    path: str
    sha256: str


@frozen
class LeftOut:
    """Corrections that a release shares a file with and does without."""

    overlay: str  # as `Release.overlay_name` has it
    targets: tuple[str, ...]  # each stands for all actions that have it; empty for the whole overlay
    reason: str


@frozen
class Release:
    """One release of the API, and how its client is made and called."""

    name: str
    version: str
    title: str
    folder: Path
    sources: tuple[Source, ...]
    overlays: tuple[Path, ...]
    names: Path
    without: tuple[LeftOut, ...] = ()

    def overlay_name(self, path: Path) -> str:
        """What an overlay is called in messages: its path in the release's folder, or else under specs/."""
        name = Path(os.path.relpath(path, self.folder.parent))
        return (name.relative_to(self.folder.name) if name.is_relative_to(self.folder.name) else name).as_posix()

    @property
    def checked(self) -> bool:
        """Whether the files were compared with a server of this release: then its folder holds what was found."""
        return (self.folder / LEDGER).is_file()


def load_release(folder: Path) -> Release:
    """Read `release.toml` in a folder.

    Raises:
        GeneratorError: the file is missing, is not TOML, or holds a value that cannot be right.
    """
    file = folder / "release.toml"
    where = f"{folder.name}/release.toml"
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GeneratorError(
            f"There is no {where}.\nName a folder under specs/ that has one, with --release."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GeneratorError(f"{where} cannot be read: {error}.\nCorrect the file.") from None
    _check_keys(
        content, {"name", "version", "title", "overlays", "names", "sources"}, where, optional=frozenset(("without",))
    )
    sources = content["sources"]
    if not isinstance(sources, list) or not sources:
        raise _wrong(where, "sources", "is a list of one table or more")
    if not isinstance(content["overlays"], list):
        raise _wrong(where, "overlays", "is a list of file names")
    return Release(
        name=_matching(content, "name", _RELEASE_NAME, where),
        version=_matching(content, "version", _VERSION, where),
        title=_printable(content, "title", where),
        folder=folder,
        sources=_sources(sources, where),
        overlays=_all_overlays(folder, content["overlays"], where),
        names=folder / _printable(content, "names", where),
        without=_without(content.get("without", []), where),
    )


def _sources(nodes: list[Any], where: str) -> tuple[Source, ...]:
    sources = tuple(_source(node, f"{where}, source {number}") for number, node in enumerate(nodes, start=1))
    for member in ("name", "path"):
        values = [getattr(source, member) for source in sources]
        if len(set(values)) < len(values):
            raise _wrong(where, member, "is different for each source")
    return sources


def _source(node: Any, where: str) -> Source:
    if not isinstance(node, dict):
        raise _wrong(where, "sources", "is a table")
    _check_keys(node, {"name", "writer", "repository", "ref", "commit", "path", "sha256"}, where)
    if node["writer"] not in WRITERS:
        raise _wrong(where, "writer", f"is one of {', '.join(WRITERS)}")
    path = _printable(node, "path", where)
    if PurePosixPath(path).is_absolute() or ".." in path.split("/") or "\\" in path:
        raise _wrong(where, "path", "is a path inside the repository")
    values = {name: _matching(node, name, pattern, where) for name, pattern in _PATTERNS.items()}
    return Source(writer=node["writer"], path=path, ref=_ref(node["ref"], where), **values)


def _ref(value: Any, where: str) -> str:
    try:
        return check_ref(value if isinstance(value, str) else "")
    except GeneratorError as error:
        raise _wrong(where, "ref", f"is wrong: {str(error).splitlines()[0].removesuffix('.')}") from None


def _all_overlays(folder: Path, patterns: list[Any], where: str) -> tuple[Path, ...]:
    """The overlays in their order; one that two patterns name is applied where the first one names it."""
    found: dict[Path, Path] = {}
    for pattern in patterns:
        for path in _overlays(folder, pattern, where):
            found.setdefault(path.resolve(), path)
    return tuple(found.values())


def _overlays(folder: Path, pattern: Any, where: str) -> list[Path]:
    if not isinstance(pattern, str) or not pattern or pattern.startswith("/"):
        raise _wrong(where, "overlays", "is a list of file names relative to its folder")
    base, _, name = pattern.rpartition("/")
    found = sorted((folder / base).glob(name))
    # A release may have no overlays of its own any more; a pattern for those of others is misspelt.
    if not found and ("*" not in name or base.startswith("..")):
        raise GeneratorError(f"{where}: there is no overlay {pattern}.\nCorrect `overlays`.")
    return found


def _without(nodes: Any, where: str) -> tuple[LeftOut, ...]:
    if not isinstance(nodes, list):
        raise _wrong(where, "without", "is a list of tables")
    return tuple(_left_out(node, f"{where}, without {number}") for number, node in enumerate(nodes, start=1))


def _left_out(node: Any, where: str) -> LeftOut:
    if not isinstance(node, dict):
        raise _wrong(where, "without", "is a table")
    _check_keys(node, {"overlay", "reason"}, where, optional=frozenset(("targets",)))
    targets = node.get("targets", [])
    if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
        raise _wrong(where, "targets", "is a list of targets, each as the action has it")
    if "targets" in node and not targets:
        raise _wrong(where, "targets", "names one or more; without it the whole overlay is left out")
    return LeftOut(_printable(node, "overlay", where), tuple(targets), _printable(node, "reason", where))


def _check_keys(
    node: dict[str, Any], expected: set[str], where: str, *, optional: frozenset[str] = frozenset()
) -> None:
    for name in sorted(expected - node.keys()):
        raise GeneratorError(f"{where} has no `{name}`.\nAdd it.")
    for name in sorted(node.keys() - expected - optional):
        raise GeneratorError(f"{where} has a key {name!a} that means nothing.\nRemove it or correct its spelling.")


def _matching(node: dict[str, Any], name: str, pattern: re.Pattern[str], where: str) -> str:
    value = node[name]
    if not isinstance(value, str) or not pattern.match(value):
        raise _wrong(where, name, f"is not {value!a}; it matches {pattern.pattern.removesuffix(chr(92) + 'Z')}")
    return value


def _printable(node: dict[str, Any], name: str, where: str) -> str:
    value = node[name]
    if not isinstance(value, str) or not value or not value.isprintable():
        raise _wrong(where, name, "is a line of text")
    return value


def _wrong(where: str, name: str, rule: str) -> GeneratorError:
    return GeneratorError(f"{where}: `{name}` {rule}.\nCorrect the file.")
