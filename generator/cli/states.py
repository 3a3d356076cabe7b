"""`drift` and `update`: two states of the published files are compared, and a pin is moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from generator.cli.options import (
    COULD_NOT_CHECK,
    DIFFERENT,
    SAME,
    mirror_option,
    offline_option,
    open_project,
    release_option,
    root_option,
    run,
    say,
)

# The keys of `generator.drift.reports`; as all that a command needs, that is imported when the command runs.
FORMATS = ("terminal", "markdown", "json", "junit", "html")


@click.command()
@release_option
@mirror_option
@offline_option
@root_option
@click.option("--from", "old", metavar="REF|FILE", help="The state before; by default what release.toml pins.")
@click.option("--to", "new", metavar="REF|FILE", help="The state after; by default the tip of the branch.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report there, and not to the terminal.")
@click.option("--report", "more", multiple=True, metavar="FORMAT=FILE", help="Write one more report; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "any"]),
    default="any",
    show_default=True,
    help="End 1 only on findings that are this bad, or worse.",
)
@click.option(
    "--accept", type=click.Path(path_type=Path), help="The file of accepted findings, in place of drift.toml."
)
@click.option("-v", "--verbose", is_flag=True, help="Show every finding in the terminal.")
@run
def drift(
    name: str,
    mirror: str | None,
    offline: bool,
    root: Path | None,
    old: str | None,
    new: str | None,
    form: str,
    output: Path | None,
    more: tuple[str, ...],
    fail_on: str,
    accept: Path | None,
    verbose: bool,
) -> int:
    """Say what changed in the published files, how badly, and what becomes of our corrections.

    A state is a branch, a tag, a commit, a folder with the layout of upstream's repository, a published file, or an
    OpenAPI document of ours. Ends 0 without drift, 1 with, 2 when it cannot compare.
    """
    from generator import drift as comparison
    from generator.drift import acceptance, state
    from generator.drift.finding import Level
    from generator.drift.reports import output as reporting

    folder, release = open_project(root, name)
    wanted = reporting.requests(form, output, more)
    accepted = acceptance.load(accept or folder / acceptance.FILE, needed=accept is not None)
    before = state.read(old, release, mirror=mirror, offline=offline)
    after = (
        state.tip(release, mirror=mirror, offline=offline)
        if new is None
        else state.read(new, release, mirror=mirror, offline=offline)
    )
    found = acceptance.accept(comparison.compare(before, after, release, root=folder), accepted, today=date.today())
    threshold = None if fail_on == "any" else Level(fail_on)
    for one in wanted:
        one.write(found, threshold, verbose=verbose)
    if found.fails(threshold):
        return DIFFERENT
    return COULD_NOT_CHECK if found.uncompared else SAME


@click.command()
@release_option
@mirror_option
@offline_option
@root_option
@click.option("--to", "ref", metavar="REF", help="A branch, tag or commit; by default the branch that is followed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.option("--retire", is_flag=True, help="Take out the corrections that match nothing any more.")
@click.option("--summary", type=click.Path(path_type=Path), help="Write what was done and why, as Markdown.")
@run
def update(
    name: str,
    mirror: str | None,
    offline: bool,
    root: Path | None,
    ref: str | None,
    dry_run: bool,
    retire: bool,
    summary: Path | None,
) -> int:
    """Move the pin, generate anew, write the changelog and propose the version, all ready to be committed.

    Ends 0 when that is done or there is nothing to do, 2 when it cannot be done; then nothing is written.
    """
    from generator import update as updates
    from generator.drift.reports import output as reporting

    folder, release = open_project(root, name)
    if summary is not None:
        reporting.check_place(summary)
    planned = updates.plan(release, ref, root=folder, mirror=mirror, offline=offline, retire=retire)
    if planned and not dry_run:
        updates.carry_out(planned, root=folder)
    if summary is not None:
        reporting.save(summary, updates.summary(planned))
    for line in updates.lines(planned, dry_run=dry_run):
        say(line)
    return SAME
