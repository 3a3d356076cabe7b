"""`generate` and `release`: a package is made, compared with what is committed, and listed as released."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.options import (
    DIFFERENT,
    SAME,
    mirror_option,
    offline_option,
    open_project,
    release_option,
    root_option,
    run,
    say,
    short,
)
from generator.last_run import LastRun
from generator.release import Release
from generator.tree import Difference

# A command imports what it needs when it runs: all of it takes half a second, and the answer that nothing changed a fifth.

_SHOWN_FILES = 40  # lines of differences that `--check` prints


@click.command()
@release_option
@mirror_option
@offline_option
@root_option
@click.option("--check", is_flag=True, help="Compare with what is committed and write nothing.")
@click.option("--output", type=click.Path(path_type=Path), help="Where to write, in place of generated/<release>.")
@click.option("--fresh", is_flag=True, help="Run in full, even if nothing changed since the last run on this machine.")
@run
def generate(
    name: str, mirror: str | None, offline: bool, root: Path | None, check: bool, output: Path | None, fresh: bool
) -> int:
    """Generate the client package.

    Ends 0; with --check 1 when the committed package differs, or when its version was released with other content; 2
    when it cannot run.
    """
    from generator import releases, tree

    folder, release = open_project(root, name)
    target = output or folder / "generated" / release.name
    last = LastRun(release, root=folder)
    known = None if fresh else last.recall(target)
    if known is None:
        files = _fresh(release, last, root=folder, mirror=mirror, offline=offline)
    else:
        files, lines = known
        for line in lines:
            say(line)
    if check:
        status = _report(tree.compare(files, target), target)
        forbidden = releases.changed(release, files, releases.load(folder))
        if forbidden:
            say(forbidden)
        return DIFFERENT if forbidden else status
    written = tree.write(files, target)
    say(f"{len(files)} files {'written to' if written else 'unchanged in'} {short(target)}")
    return SAME


def _fresh(release: Release, last: LastRun, *, root: Path, mirror: str | None, offline: bool) -> dict[str, bytes]:
    """What a run in full gives; it is remembered, unless it started from what is committed and not from the sources."""
    from generator import pipeline

    lines: list[str] = []
    warnings: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        say(line)

    def warn(line: str) -> None:
        warnings.append(line)
        say(line)

    files = pipeline.generate(release, root=root, mirror=mirror, offline=offline, say=tell, warn=warn)
    if not warnings:
        last.keep(files, lines)
    return files


@click.command("release")
@release_option
@mirror_option
@offline_option
@root_option
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@run
def release_version(name: str, mirror: str | None, offline: bool, root: Path | None, dry_run: bool) -> int:
    """List the committed package's version as released. Ends 0; 1 when the package differs; 2 when it cannot be."""
    from generator import pipeline, releases, surface, tree
    from generator.drift.since import since_last

    folder, release = open_project(root, name)
    target = folder / "generated" / release.name
    files = pipeline.generate(release, root=folder, mirror=mirror, offline=offline)
    difference = tree.compare(files, target)
    if difference:
        return _report(difference, target)
    listed = releases.load(folder)
    one = releases.check(release, files, listed)
    for line in since_last(releases.previous(release, listed), release, root=folder):
        say(line)
    kept = f"specs/{release.name}/{surface.FOLDER}"
    if dry_run:
        say(f"{one.version} can be released; nothing was written.")
        return SAME
    releases.record(folder, release, one, files)
    say(f"{one.version} is listed in specs/releases.toml, and its surface is kept in {kept}/.")
    say(f"Commit both; then `git tag v{one.version}` and push the tag.")
    return SAME


def _report(difference: Difference, target: Path) -> int:
    if not difference:
        say(f"{short(target)} is what the sources give.")
        return SAME
    lines = list(difference.lines())
    for line in lines[:_SHOWN_FILES]:
        say(line)
    if len(lines) > _SHOWN_FILES:
        say(f"… and {len(lines) - _SHOWN_FILES} more lines")
    say(f"{short(target)} is not what the sources give: run `make generate` and commit the result.")
    return DIFFERENT
