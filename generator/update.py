"""Moving a release's pin: what would be written, worked out beside the project and only then put in its place."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tomlkit
from attrs import evolve, field, frozen

from generator import changelog, drift, fetch, pipeline, releases, tree
from generator.drift import state
from generator.drift.drift import CorrectionChange, Drift, Standing
from generator.drift.finding import Level
from generator.drift.reports import markdown
from generator.errors import GeneratorError
from generator.refs import is_commit
from generator.release import Release, load_release
from generator.retire import without_actions

_ACTION = re.compile(r"(?P<file>[^,]+), action (?P<number>\d+)\Z")
_SETTLED = (Standing.FIXED_UPSTREAM, Standing.GONE, Standing.MATCHES_NOTHING)
_NAMED_IN_ERRORS = 20


@frozen
class Update:
    """What an update does.

    Attributes:
        release: the release before it.
        version: the version that it proposes.
        commit: the commit that is pinned after it.
        drift: what changed.
        retired: the actions that are taken out of the overlays.
        left_out: the actions that release.toml does without from now on, as another release shares them.
        specs: the content of each file under specs/ that changes, by its path there; None for one that goes.
        package: the files of the package; empty where nothing changes.
    """

    release: Release
    version: str
    commit: str
    drift: Drift
    retired: tuple[CorrectionChange, ...] = ()
    left_out: tuple[CorrectionChange, ...] = ()
    specs: Mapping[str, bytes | None] = field(factory=dict)
    package: Mapping[str, bytes] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.package)


def plan(
    release: Release, to: str | None, *, root: Path, mirror: str | None, offline: bool, retire: bool = False
) -> Update:
    """Work out the update of a release to a branch, tag or commit; by default to the tip of the branch that it follows.

    Nothing is written.

    Args:
        retire: take the actions that match nothing any more out of the release's overlays; those that another release
            shares stay there, and release.toml does without them.

    Raises:
        GeneratorError: something cannot be fetched, or the new files cannot be generated from.
    """
    sources = release.sources
    ref = to or sources[0].ref
    paths = [source.path for source in sources]
    commit = fetch.resolve(sources[0].repository, ref, mirror=mirror, offline=offline, paths=paths)
    old = state.read(None, release, mirror=mirror, offline=offline)
    new = state.at(commit, release, mirror=mirror, offline=offline, label=f"{ref} ({commit[:12]})")
    found = drift.compare(old, new, release, root=root)
    if not any(found.sources):
        return Update(release, release.version, commit, found)
    shared, own = _by_use(_retired(found, retire=retire), found, release, root)
    version = releases.next_version(release, releases.load(root))
    followed = sources[0].ref if is_commit(ref) else ref
    pinned = evolve(
        release,
        version=version,
        sources=tuple(
            evolve(one, ref=followed, commit=commit, sha256=hashlib.sha256(new.sources[one.name]).hexdigest())
            for one in sources
        ),
    )
    specs = {
        f"{release.name}/release.toml": _pinned(release, pinned, without=shared),
        **_without_retired(own, release, root),
        f"{release.name}/{changelog.FILE}": _changelog(release, version, found),
    }
    package = _generated(release, specs, [new.sources[one.name] for one in sources], root)
    return Update(release, version, commit, found, tuple(own), tuple(shared), specs, package)


def carry_out(update: Update, *, root: Path) -> None:
    """Write what an update changes: the specs, and the package in generated/.

    Raises:
        GeneratorError: the disk refuses.
    """
    try:
        for name, content in update.specs.items():
            _put(root / "specs" / name, content)
    except OSError as error:
        raise GeneratorError(
            f"specs/ cannot be written: {error.strerror}.\nMake room or allow writing, look with `git diff`, and try again."
        ) from error
    tree.write(update.package, root / "generated" / update.release.name)


def lines(update: Update, *, dry_run: bool) -> Iterator[str]:
    """What was done, or would be, in words."""
    name, found = update.release.name, update.drift
    if not update:
        yield f"{name} is up to date: {found.new} has the pinned files."
        return
    yield f"{name}: {'would move' if dry_run else 'moved'} to {found.new}."
    counts = ", ".join(f"{found.count(level)} {level.value}" for level in Level)
    yield f"Findings: {counts}; `ks-codegen drift --from {update.release.sources[0].commit} --to {update.commit}` shows them."
    if found.worst is Level.BREAKING:
        yield f"BREAKING: {found.count(Level.BREAKING)} changes break code that uses the client; the changelog marks each."
    for one in update.retired:
        yield f"Took out {one.where}: {one.reason}. {one.text}"
    for one in update.left_out:
        yield f"Left out {one.where}, which other releases share: {one.reason}. {one.text}"
    yield f"Proposed version: {update.version}; it was {update.release.version}."
    written = [f"specs/{path}" for path in sorted(update.specs)]
    yield f"{'Would write' if dry_run else 'Wrote'} {', '.join(written)} and generated/{name} ({len(update.package)} files)."
    if not dry_run:
        yield "Look at it with `git diff`, run `make test`, and commit."


def summary(update: Update) -> str:
    """The same as Markdown, with the whole comparison below it; for a pull request."""
    head = "\n".join(f"- {markdown.prose(line, 4_000)}" for line in lines(update, dry_run=False))
    return f"{head}\n\n{markdown.render(update.drift)}" if update else f"{head}\n"


def _retired(found: Drift, *, retire: bool) -> list[CorrectionChange]:
    """The actions to do without; an error where some do not fit and may not, or must not, be taken out."""
    misfits = [one for one in found.corrections if not one.fits]
    if misfits and not retire:
        raise GeneratorError(
            f"{_some(misfits)} cannot be made in the new files.\n"
            "Change what they say, or take out those that match nothing with --retire; `ks-codegen drift` tells what became of each."
        )
    unsettled = [one for one in misfits if one.standing not in _SETTLED]
    if unsettled:
        raise GeneratorError(
            f"{_some(unsettled)} cannot be made in the new files, and only a person can say what is right there.\n"
            f"Look at the first: {unsettled[0].reason}."
        )
    return misfits


def _by_use(
    retired: Sequence[CorrectionChange], found: Drift, release: Release, root: Path
) -> tuple[list[CorrectionChange], list[CorrectionChange]]:
    """The actions in files that another release uses too, and those in files that are the release's alone."""
    files = _overlay_files(release)
    others = {path.resolve() for other in _other_releases(release, root) for path in other.overlays}
    shared = [one for one in retired if files[_file(one)].resolve() in others]
    left_out = {(_file(one), one.target) for one in shared}
    also = [one for one in found.corrections if one.fits and one.target and (_file(one), one.target) in left_out]
    if also:
        raise GeneratorError(
            f"{_some(also)} would be left out too, with the same target as one that cannot be made any more.\n"
            "Move it to the overlays of the releases that need it."
        )
    return shared, [one for one in retired if one not in shared]


def _pinned(old: Release, new: Release, *, without: Sequence[CorrectionChange]) -> bytes:
    """release.toml with the new pins and version, and what it does without; what a person wrote around them stays."""
    document = tomlkit.parse((old.folder / "release.toml").read_text(encoding="utf-8"))
    document["version"] = new.version
    tables = document["sources"]
    assert isinstance(tables, list)  # load_release has seen that
    for table, source in zip(tables, new.sources, strict=True):
        table["ref"], table["commit"], table["sha256"] = source.ref, source.commit, source.sha256
    for (file, reason), targets in _grouped(without).items():
        table = tomlkit.table()
        table["overlay"] = file
        table["targets"] = tomlkit.item(targets).multiline(True)
        table["reason"] = reason
        document.setdefault("without", tomlkit.aot()).append(table)
    return tomlkit.dumps(document).encode()


def _grouped(without: Sequence[CorrectionChange]) -> dict[tuple[str, str], list[str]]:
    """The targets of some actions, by their file and by the reason why it goes."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in without:
        if one.target not in groups[_file(one), one.reason]:
            groups[_file(one), one.reason].append(one.target)
    return groups


def _without_retired(retired: Sequence[CorrectionChange], release: Release, root: Path) -> dict[str, bytes | None]:
    numbers: dict[Path, list[int]] = defaultdict(list)
    files = _overlay_files(release)
    for one in retired:
        numbers[files[_file(one)]].append(int(_action(one)["number"]))
    specs = (root / "specs").resolve()
    changed: dict[str, bytes | None] = {}
    for path, several in numbers.items():
        text = without_actions(path.read_text(encoding="utf-8"), several, file=path.name)
        changed[path.resolve().relative_to(specs).as_posix()] = text.encode() or None
    return changed


def _changelog(release: Release, version: str, found: Drift) -> bytes:
    path = release.folder / changelog.FILE
    text = path.read_text(encoding="utf-8") if path.exists() else "# Changelog\n"
    return changelog.add(text, version, changelog.entry(found)).encode()


def _generated(
    release: Release, specs: Mapping[str, bytes | None], sources: Sequence[bytes], root: Path
) -> dict[str, bytes]:
    """The package that the changed specs give; they are changed in a copy."""
    with tempfile.TemporaryDirectory(prefix="ks-codegen-") as folder:
        copy = Path(folder) / "specs"
        shutil.copytree(root / "specs", copy)
        for name, content in specs.items():
            _put(copy / name, content)
        updated = load_release(copy / release.name)
        return pipeline.package(updated, pipeline.corrected(updated, sources), root=root)


def _put(path: Path, content: bytes | None) -> None:
    """Write a file, or remove it."""
    if content is None:
        path.unlink(missing_ok=True)
    else:
        tree.write_file(path, content)


def _overlay_files(release: Release) -> dict[str, Path]:
    return {release.overlay_name(path): path for path in release.overlays}


def _other_releases(release: Release, root: Path) -> list[Release]:
    folders = sorted(path.parent for path in (root / "specs").glob("*/release.toml"))
    return [load_release(folder) for folder in folders if folder.name != release.name]


def _action(change: CorrectionChange) -> re.Match[str]:
    match = _ACTION.match(change.where)
    assert match is not None  # only rules are called otherwise, and a rule always fits
    return match


def _file(change: CorrectionChange) -> str:
    return _action(change)["file"]


def _some(changes: Sequence[CorrectionChange]) -> str:
    names = [one.where for one in changes[:_NAMED_IN_ERRORS]]
    more = len(changes) - len(names)
    if more:
        return f"{', '.join(names)} and {more} more corrections"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
