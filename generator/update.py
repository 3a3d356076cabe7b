"""Moving a release's pin: what would be written, worked out beside the project and only then put in its place."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tomlkit
from attrs import evolve, field, frozen

from generator import changelog, drift, news, pipeline, releases, tree
from generator.drift import state
from generator.drift.drift import CorrectionChange, Drift, Standing
from generator.drift.finding import Level
from generator.drift.reports import markdown, wording
from generator.errors import GeneratorError
from generator.release import Release, Source, load_release
from generator.retire import without_actions

_ACTION = re.compile(r"(?P<file>[^,]+), action (?P<number>\d+)\Z")
_PINS = "release.toml"
_SETTLED = (Standing.FIXED_UPSTREAM, Standing.GONE, Standing.MATCHES_NOTHING)
_NAMED_IN_ERRORS = 20
_MOST_OF_SUMMARY = 55_000  # bytes: GitHub takes 65,536 characters, and what opens the pull request adds its own


@frozen
class Update:
    """What an update does.

    Attributes:
        release: the release before it.
        version: the version that it proposes.
        commits: the commits that are pinned after it: one for each repository and branch that the sources come from.
        drift: what changed.
        retired: the actions that are taken out of the overlays.
        left_out: the actions that release.toml does without from now on, as another release shares them.
        specs: the content of each file under specs/ that changes, by its path there; None for one that goes.
        package: the files of the package; empty where nothing changes.
    """

    release: Release
    version: str
    commits: tuple[str, ...]
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
    commits = state.commits(release, to, mirror=mirror, offline=offline)
    distinct = tuple(dict.fromkeys(commits.values()))
    label = " and ".join(dict.fromkeys(f"{to or one.ref} ({commits[one.name][:12]})" for one in release.sources))
    old = state.read(None, release, mirror=mirror, offline=offline)
    new = state.at(commits, release, mirror=mirror, offline=offline, label=label)
    found, back = drift.there_and_back(old, new, release, root=root)
    if not any(found.sources):
        return Update(release, release.version, distinct, found)
    shared, own = _by_use(_retired(found, retire=retire), found, release, root)
    version = releases.next_version(release, releases.load(root))
    pinned = evolve(
        release,
        version=version,
        sources=tuple(
            evolve(one, ref=_followed(one, to, commits), commit=commits[one.name], sha256=new.digest(one))
            for one in release.sources
        ),
    )
    specs = {
        **_without_retired(own, release, root),
        f"{release.name}/{changelog.FILE}": _changelog(release, version, found, back),
        f"{release.name}/{_PINS}": _pinned(release, pinned, without=shared),
    }
    package = _generated(release, specs, [new.sources[one.name] for one in release.sources], root)
    return Update(release, version, distinct, found, tuple(own), tuple(shared), specs, package)


def carry_out(update: Update, *, root: Path) -> None:
    """Write what an update changes: the specs, and the package in generated/.

    The pins come last. A run that is stopped before has not moved them, and the next one does all of it again.

    Raises:
        GeneratorError: the disk refuses.
    """
    pins = f"{update.release.name}/{_PINS}"
    try:
        for name in sorted(update.specs.keys() - {pins}):
            _put(root / "specs" / name, update.specs[name])
        tree.write(update.package, root / "generated" / update.release.name)
        _put(root / "specs" / pins, update.specs[pins])
    except OSError as error:
        raise GeneratorError(
            f"specs/ cannot be written: {error.strerror}.\nMake room or allow writing, and run the update again."
        ) from error


def lines(update: Update, *, dry_run: bool) -> Iterator[str]:
    """What was done, or would be, in words."""
    name, found = update.release.name, update.drift
    if not update:
        yield f"{name} is up to date: {found.new} has the pinned files."
        return
    yield f"{name}: {'would move' if dry_run else 'moved'} to {found.new}."
    breaks = found.worst is Level.BREAKING
    yield f"BREAKING: {wording.verdict(found)} The changelog marks what breaks." if breaks else wording.verdict(found)
    yield from (f"{section.name}: {section.counted}." for section in wording.sections(found))
    yield from _shown_by(update)
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
    if not update:
        return f"{head}\n"
    room = _MOST_OF_SUMMARY - len(head.encode())
    return f"{head}\n\n{markdown.render(update.drift, room, steps=False)}"


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


def _shown_by(update: Update) -> Iterator[str]:
    """The command that shows the findings, where one commit holds all files."""
    before = {one.commit for one in update.release.sources}
    if len(before) == len(update.commits) == 1:
        states = f"--from {before.pop()} --to {update.commits[0]}"
        yield f"`ks-codegen drift --release {update.release.name} {states}` shows them."


def _followed(source: Source, to: str | None, commits: Mapping[str, str]) -> str:
    """The branch or tag that a source follows from now on; a commit, in full or in short, is not followed."""
    return source.ref if to is None or commits[source.name].startswith(to) else to


def _pinned(old: Release, new: Release, *, without: Sequence[CorrectionChange]) -> bytes:
    """release.toml with the new pins and version, and what it does without; what a person wrote around them stays."""
    document = tomlkit.parse((old.folder / _PINS).read_bytes().decode())
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
    return re.sub(r"\n+\[\[without]]\n", "\n\n[[without]]\n", tomlkit.dumps(document)).encode()


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
        text = without_actions(path.read_bytes().decode(), several, file=path.name)
        changed[path.resolve().relative_to(specs).as_posix()] = text.encode() or None
    return changed


def _changelog(release: Release, version: str, found: Drift, back: Drift) -> bytes:
    path = release.folder / changelog.FILE
    try:
        text = path.read_bytes().decode() if path.exists() else "# Changelog\n"
    except (OSError, UnicodeDecodeError) as error:
        raise GeneratorError(
            f"{changelog.FILE} of {release.name} cannot be read: {error}.\nCorrect the file."
        ) from None
    return changelog.add(text, version, news.entry(found), undone=news.entry(back)).encode()


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
