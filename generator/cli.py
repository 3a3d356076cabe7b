"""The command line: reads arguments, calls, prints."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from generator import drift as comparison
from generator import explain as explanation
from generator import fetch, ledger, pipeline, releases, surface, swagger, tree
from generator import report as results
from generator import update as updates
from generator.conformance import check_form
from generator.drift import acceptance, reports, state
from generator.drift.finding import Level
from generator.drift.reports import output as reporting
from generator.drift.since import since_last
from generator.errors import GeneratorError
from generator.release import Release, load_release

_SAME, _DIFFERENT, _COULD_NOT_CHECK = 0, 1, 2
_SHOWN_FILES = 40  # lines of differences that `--check` prints


def _run(command: Callable[..., int]) -> Callable[..., None]:
    """Turn what a command returns or raises into an exit status and at most three lines."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        _prepare_output()
        try:
            status = command(*args, **kwargs)
            sys.stdout.flush()
        except GeneratorError as error:
            _say(str(error), error=True)
            status = _COULD_NOT_CHECK
        except KeyboardInterrupt:
            status = 130
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 141
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            _say(
                f"The system refuses: {error.strerror or error}{where}.\nMake room or allow it, and try again.",
                error=True,
            )
            status = _COULD_NOT_CHECK
        except Exception as error:
            if os.environ.get("KS_CODEGEN_TRACEBACK"):
                traceback.print_exc()
            _say(
                f"This is a mistake in ks-codegen: {type(error).__name__}: {error}\n"
                "Run it again with KS_CODEGEN_TRACEBACK=1 and report what it prints.",
                error=True,
            )
            status = _COULD_NOT_CHECK
        sys.exit(status)

    return wrapped


def _prepare_output() -> None:
    """Let output hold what its encoding lacks, written out; one that is closed takes everything."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@click.group()
@click.version_option(package_name="kubesphere-client-generator", prog_name="ks-codegen")
def main() -> None:
    """Make the Python client of KubeSphere from its published API description."""


_release = click.option("--release", "name", default="release-3.0", show_default=True, help="A folder under specs/.")
_mirror = click.option(
    "--mirror", envvar="SPEC_MIRROR", help="A folder or http(s) address with <ref or commit>/<path>."
)
_offline = click.option("--offline", is_flag=True, help="Use nothing over the network.")
_root = click.option(
    "--root", type=click.Path(path_type=Path), help="The project's folder; by default the one this program is part of."
)


@main.command()
@_release
@_mirror
@_offline
@_root
@click.option("--check", is_flag=True, help="Compare with what is committed and write nothing.")
@click.option("--output", type=click.Path(path_type=Path), help="Where to write, in place of generated/<release>.")
@_run
def generate(name: str, mirror: str | None, offline: bool, root: Path | None, check: bool, output: Path | None) -> int:
    """Generate the client package.

    Ends 0; with --check 1 when the committed package differs, or when its version was released with other content; 2
    when it cannot run.
    """
    folder, release = _project(root, name)
    target = output or folder / "generated" / release.name
    files = pipeline.generate(release, root=folder, mirror=mirror, offline=offline, say=_say)
    if check:
        status = _report(tree.compare(files, target), target)
        forbidden = releases.changed(release, files, releases.load(folder))
        if forbidden:
            _say(forbidden)
        return _DIFFERENT if forbidden else status
    written = tree.write(files, target)
    _say(f"{len(files)} files {'written to' if written else 'unchanged in'} {_short(target)}")
    return _SAME


@main.command("release")
@_release
@_mirror
@_offline
@_root
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@_run
def release_version(name: str, mirror: str | None, offline: bool, root: Path | None, dry_run: bool) -> int:
    """List the committed package's version as released. Ends 0; 1 when the package differs; 2 when it cannot be."""
    folder, release = _project(root, name)
    target = folder / "generated" / release.name
    files = pipeline.generate(release, root=folder, mirror=mirror, offline=offline)
    difference = tree.compare(files, target)
    if difference:
        return _report(difference, target)
    listed = releases.load(folder)
    one = releases.check(release, files, listed)
    for line in since_last(releases.previous(release, listed), release, root=folder):
        _say(line)
    kept = f"specs/{release.name}/{surface.FOLDER}"
    if dry_run:
        _say(f"{one.version} can be released; nothing was written.")
        return _SAME
    releases.record(folder, release, one, files)
    _say(f"{one.version} is listed in specs/releases.toml, and its surface is kept in {kept}/.")
    _say(f"Commit both; then `git tag v{one.version}` and push the tag.")
    return _SAME


@main.command()
@_release
@_mirror
@_offline
@_root
@click.option("--from", "old", metavar="REF|FILE", help="The state before; by default what release.toml pins.")
@click.option("--to", "new", metavar="REF|FILE", help="The state after; by default the tip of the branch.")
@click.option("--format", "form", type=click.Choice(reports.FORMATS), default="terminal", show_default=True)
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
@_run
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
    folder, release = _project(root, name)
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
        return _DIFFERENT
    return _COULD_NOT_CHECK if found.uncompared else _SAME


@main.command()
@_release
@_mirror
@_offline
@_root
@click.option("--to", "ref", metavar="REF", help="A branch, tag or commit; by default the branch that is followed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.option("--retire", is_flag=True, help="Take out the corrections that match nothing any more.")
@click.option("--summary", type=click.Path(path_type=Path), help="Write what was done and why, as Markdown.")
@_run
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
    folder, release = _project(root, name)
    if summary is not None:
        reporting.check_place(summary)
    planned = updates.plan(release, ref, root=folder, mirror=mirror, offline=offline, retire=retire)
    if planned and not dry_run:
        updates.carry_out(planned, root=folder)
    if summary is not None:
        reporting.save(summary, updates.summary(planned))
    for line in updates.lines(planned, dry_run=dry_run):
        _say(line)
    return _SAME


@main.command()
@_release
@_root
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    help="A corrected document, in place of generated/<release>/openapi.json.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every failing check in full, and what is left and why.")
@_run
def report(name: str, root: Path | None, as_json: bool, document: Path | None, verbose: bool) -> int:
    """Check the known defects against the corrected document. Ends 0; 1 when one fails; 2 when it cannot check."""
    folder, release = _project(root, name)
    path = document or folder / "generated" / release.name / "openapi.json"
    found = results.run(ledger.load(release.folder), _document(path), root=folder)
    for line in [json.dumps(found.as_json(), indent=2)] if as_json else found.lines(verbose=verbose):
        _say(line)
    return _SAME if found else _DIFFERENT


@main.command()
@_release
@_mirror
@_offline
@_root
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.argument("subject", nargs=-1, required=True)
@_run
def explain(
    name: str, mirror: str | None, offline: bool, root: Path | None, as_json: bool, subject: tuple[str, ...]
) -> int:
    """Show what was published of SUBJECT, what we make of it, why, and the Python that comes out.

    SUBJECT is an operation (GET /kapis/...), a method (iam.v1alpha2.list_users) or a schema (User). Ends 0, or 2 when
    there is no such thing.
    """
    folder, release = _project(root, name)
    package = folder / "generated" / release.name
    found = explanation.explain(
        " ".join(subject), _document(package / "openapi.json"), package, _sources(release, mirror, offline)
    )
    for line in [json.dumps(found.as_json(), indent=2)] if as_json else found.lines():
        _say(line)
    return _SAME


def _sources(release: Release, mirror: str | None, offline: bool) -> dict[str, Any] | None:
    """The published files by the name of their source; None where they are out of reach."""
    try:
        every = fetch.fetch(release, mirror=mirror, offline=offline)
    except fetch.SourcesUnreachable:
        return None
    return {
        source.name: swagger.load(data, source=source.name) for source, data in zip(release.sources, every, strict=True)
    }


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise GeneratorError(f"{_short(path)} cannot be read: {reason}.\nRun `make generate` first.") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise GeneratorError(f"{_short(path)} is no OpenAPI document.\nName one with --document.")
    check_form(document)
    return document


def _project(root: Path | None, name: str) -> tuple[Path, Release]:
    folder = root or Path(__file__).resolve().parent.parent
    if not (folder / "specs").is_dir() or not (folder / "templates").is_dir():
        raise GeneratorError(
            f"{folder} has no specs/ and templates/.\nRun this in a clone of the project, or name one with --root."
        )
    if not name or "/" in name or name.startswith("."):
        raise GeneratorError(f"{name!a} is no name of a release.\nName a folder under specs/, such as release-3.0.")
    release = load_release(folder / "specs" / name)
    if release.name != name:
        raise GeneratorError(f"specs/{name}/release.toml calls itself {release.name}.\nGive both the same name.")
    return folder, release


def _report(difference: tree.Difference, target: Path) -> int:
    if not difference:
        _say(f"{_short(target)} is what the sources give.")
        return _SAME
    lines = list(difference.lines())
    for line in lines[:_SHOWN_FILES]:
        _say(line)
    if len(lines) > _SHOWN_FILES:
        _say(f"… and {len(lines) - _SHOWN_FILES} more lines")
    _say(f"{_short(target)} is not what the sources give: run `make generate` and commit the result.")
    return _DIFFERENT


def _short(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def _say(text: str, *, error: bool = False) -> None:
    """Print text that may hold parts of a file from outside: what a terminal would act on is written out."""
    safe = "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
    click.echo(safe, err=error)


if __name__ == "__main__":
    main()
