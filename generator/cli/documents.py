"""`report` and `explain`: what the corrected document says, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
from generator.errors import GeneratorError
from generator.release import Release


@click.command()
@release_option
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    help="A corrected document, in place of generated/<release>/openapi.json.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every failing check in full, and what is left and why.")
@run
def report(name: str, root: Path | None, as_json: bool, document: Path | None, verbose: bool) -> int:
    """Check the known defects against the corrected document. Ends 0; 1 when one fails; 2 when it cannot check."""
    from generator import ledger
    from generator import report as results

    folder, release = open_project(root, name)
    path = document or folder / "generated" / release.name / "openapi.json"
    found = results.run(ledger.load(release.folder), _document(path), root=folder)
    for line in [json.dumps(found.as_json(), indent=2)] if as_json else found.lines(verbose=verbose):
        say(line)
    return SAME if found else DIFFERENT


@click.command()
@release_option
@mirror_option
@offline_option
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.argument("subject", nargs=-1, required=True)
@run
def explain(
    name: str, mirror: str | None, offline: bool, root: Path | None, as_json: bool, subject: tuple[str, ...]
) -> int:
    """Show what was published of SUBJECT, what we make of it, why, and the Python that comes out.

    SUBJECT is an operation (GET /kapis/...), a method (iam.v1alpha2.list_users) or a schema (User). Ends 0, or 2 when
    there is no such thing.
    """
    from generator import explain as explanation

    folder, release = open_project(root, name)
    package = folder / "generated" / release.name
    found = explanation.explain(
        " ".join(subject), _document(package / "openapi.json"), package, _sources(release, mirror, offline)
    )
    for line in [json.dumps(found.as_json(), indent=2)] if as_json else found.lines():
        say(line)
    return SAME


def _sources(release: Release, mirror: str | None, offline: bool) -> dict[str, Any] | None:
    """The published files by the name of their source; None where they are out of reach."""
    from generator import fetch, swagger

    try:
        every = fetch.fetch(release, mirror=mirror, offline=offline)
    except fetch.SourcesUnreachable:
        return None
    return {
        source.name: swagger.load(data, source=source.name) for source, data in zip(release.sources, every, strict=True)
    }


def _document(path: Path) -> dict[str, Any]:
    from generator.conformance import check_form

    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise GeneratorError(f"{short(path)} cannot be read: {reason}.\nRun `make generate` first.") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise GeneratorError(f"{short(path)} is no OpenAPI document.\nName one with --document.")
    check_form(document)
    return document
