"""The two digests that let a run start from the committed document when no source can be reached."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.release import Release

MEMBER = "x-kubesphere-digest"
_HERE = Path(__file__).parent
# The code from a source's bytes to the validated document; what comes after it works on the document alone.
_STAGES = (
    "refs.py",
    "release.py",
    "swagger",
    "repair",
    "overlay",
    "plain_yaml",
    "merge",
    "custom_resources",
    "naming",
    "validate",
    "conformance",
    "counts.py",
    "document.py",
    "evidence.py",
    "extensions.py",
    "schema.py",
    "shapes.py",
    "pipeline.py",
)


def inputs_digest(release: Release) -> str:
    """A digest over all that makes the corrected document: release.toml, overlays, names, source digests, code."""
    files = [release.folder / "release.toml", *release.overlays, release.names, *stage_files()]
    digest = hashlib.sha256()
    for source in release.sources:
        digest.update(f"source {source.name} {source.sha256}\n".encode())
    for path in files:
        # The file's name and not its address: a checkout elsewhere has the same digest.
        digest.update(f"{path.parent.name}/{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def document_digest(document: Mapping[str, Any]) -> str:
    """A digest over a document without its digests."""
    rest = {key: value for key, value in document.items() if key != MEMBER}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(document: Mapping[str, Any], release: Release) -> dict[str, Any]:
    """The document with both digests in it."""
    return {**document, MEMBER: {"document": document_digest(document), "inputs": inputs_digest(release)}}


def holds(document: Mapping[str, Any], release: Release) -> bool:
    """Whether neither the document nor anything that made it was changed since it was sealed."""
    return document.get(MEMBER) == {"document": document_digest(document), "inputs": inputs_digest(release)}


def stage_files() -> list[Path]:
    """The modules whose code decides what the corrected document says."""
    found: list[Path] = []
    for stage in _STAGES:
        path = _HERE / stage
        found += [path] if path.is_file() else sorted(path.rglob("*.py")) or [path.with_suffix(".py")]
    return found
