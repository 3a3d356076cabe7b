"""The road: from the bytes of the published files to the tree of the client package."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator import counts, digest, fetch, naming, overlay, swagger
from generator.custom_resources import expand
from generator.document import ADDED, REPAIRS, WITHDRAWN, operations
from generator.errors import GeneratorError
from generator.extensions import check_extensions
from generator.manifest import as_json, manifest
from generator.memory import seldom_collected
from generator.merge import merge
from generator.parse import parse
from generator.refine import refine
from generator.release import Release, Source
from generator.render import render
from generator.repair import repair
from generator.unproven import as_published, untyped
from generator.validate import check_nothing_lost, validate


@seldom_collected()
def generate(
    release: Release,
    *,
    root: Path,
    mirror: str | None = None,
    offline: bool = False,
    cache: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
    warn: Callable[[str], None] | None = None,
) -> dict[str, bytes]:
    """The files of a release's client package, by their path in `generated/<release>/`.

    When no source can be reached, the committed openapi.json stands in, if it and all that made it are unchanged.

    Args:
        say: is told what the run did, line by line.
        warn: is told when the committed document stands in; `say` is unless it is given.
    """
    try:
        sources = fetch.fetch(release, mirror=mirror, offline=offline, cache=cache)
    except fetch.SourcesUnreachable as unreachable:
        document = committed(release, root, unreachable)
        (warn or say)(f"No source can be reached; starting from the committed generated/{release.name}/openapi.json.")
    else:
        document = corrected(release, sources)
    for line in report(document, release):
        say(line)
    return package(release, document, root=root)


def corrected(release: Release, sources: Sequence[bytes]) -> dict[str, Any]:
    """The corrected OpenAPI 3.1 document: converted, repaired, overlaid, merged, named, validated and sealed."""
    overlays = load_overlays(release)
    converted = [convert(source, data) for source, data in zip(release.sources, sources, strict=True)]
    overlaid = [
        overlay.apply(repair(document, writer=source.writer), overlays, source=source)
        for source, document in zip(release.sources, converted, strict=True)
    ]
    return finished(release, converted, overlaid)


def load_overlays(release: Release) -> tuple[overlay.Overlay, ...]:
    """The overlays of a release, each for one of its sources."""
    overlays = overlay.load(release)
    overlay.check_extends(overlays, release.sources)
    return overlays


def convert(source: Source, data: bytes) -> dict[str, Any]:
    """One published file as OpenAPI 3.1, nothing of it corrected."""
    return swagger.convert(swagger.load(data, source=source.name), source=source.name)


def joined(overlaid: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The corrected sources as one document, with the operations of its custom resources; its names are published ones."""
    for document in overlaid:
        check_extensions(document)
    return expand(merge(overlaid))


def finished(
    release: Release, converted: Sequence[Mapping[str, Any]], overlaid: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The corrected document out of its sources, as converted and as corrected."""
    merged = joined(overlaid)
    published = counts.published(converted)
    corrections = sum(counts.count_corrected(old, new) for old, new in zip(converted, overlaid, strict=True))
    document = naming.name(_described(merged, release, len(published), corrections), naming.load_names(release.names))
    validate(document)
    check_nothing_lost(published, document)
    return digest.sealed(document, release)


def package(release: Release, document: dict[str, Any], *, root: Path) -> dict[str, bytes]:
    """The tree of the client package that a corrected document gives."""
    files = {"openapi.json": as_json(document)}
    contents = refine(parse(document), release)
    files |= render(contents, root / "templates")
    files.update({name: (root / name).read_bytes() for name in ("LICENSE", "NOTICE")})
    changelog = release.folder / "CHANGELOG.md"
    if changelog.is_file():  # a release that was never published may have none
        files["CHANGELOG.md"] = changelog.read_bytes()
    files["manifest.json"] = manifest(contents, document, files)
    return files


def committed(release: Release, root: Path, unreachable: fetch.SourcesUnreachable) -> dict[str, Any]:
    """The committed document, if it is as it was made and would be made the same again."""
    path = root / "generated" / release.name / "openapi.json"
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
        if isinstance(document, dict) and digest.holds(document, release):
            return document
    except (OSError, ValueError):
        pass  # the same to the user as one that was changed
    where = str(unreachable).splitlines()[0]
    raise GeneratorError(
        f"{where}\ngenerated/{release.name}/openapi.json cannot stand in: it is missing, or it or what made it was "
        "changed.\nThe sources are needed: connect to the network, or name a mirror with --mirror."
    )


def report(document: dict[str, Any], release: Release) -> list[str]:
    """What the run did to the published files, a line for each rule and one for the operations, and what is left."""
    lines = [f"{one['rule']}: {one['places']} places ({one['title']})" for one in document.get(REPAIRS, [])]
    operations = document["x-kubesphere"]["operations"]
    lines.append(", ".join(f"{number} operations {what}" for what, number in operations.items()))
    if unknown := untyped(document):
        lines.append(f"{len(unknown)} methods take or give JSON of no known type; manifest.json lists them")
    if not release.checked:
        lines.append(
            f"{len(as_published(document))} operations stand as published, unchecked; manifest.json lists them"
        )
    return lines


def _described(document: dict[str, Any], release: Release, published: int, corrections: int) -> dict[str, Any]:
    """The document with the name of the release, where it comes from and how much of it was corrected."""
    origin = {
        "release": release.name,
        "version": release.version,
        "sources": [
            {name: getattr(source, name) for name in ("name", "repository", "ref", "commit", "path", "sha256")}
            for source in release.sources
        ],
        "operations": {
            "published": published,
            "corrected": corrections,
            "withdrawn": len(document.get(WITHDRAWN, [])),
            "added": sum(ADDED in operation for _, _, operation in operations(document)),
        },
    }
    info = {**document.get("info", {}), "title": release.title, "version": release.version}
    return {**document, "info": info, "x-kubesphere": origin}
