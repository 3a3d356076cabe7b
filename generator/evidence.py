"""What was done to each operation and schema, and how it is known: `x-kubesphere-evidence` in the corrected document.

An entry is {by, says} and, for an action of an overlay, {evidence}: `by` is the rule or the action, `says` what was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.document import METHODS

EVIDENCE = "x-kubesphere-evidence"


def record(owner: dict[str, Any], entry: Mapping[str, Any]) -> None:
    """Add an entry to what is known of an operation or schema; one entry stands there once."""
    entries = owner.setdefault(EVIDENCE, [])
    if entry not in entries:
        entries.append(dict(entry))


def joined(*owners: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of several descriptions of one thing, each once."""
    entries: list[dict[str, Any]] = []
    for owner in owners:
        entries += [entry for entry in owner.get(EVIDENCE, ()) if entry not in entries]
    return entries


def owners(document: dict[str, Any], parts: Sequence[Any], update: Any = None) -> Iterator[dict[str, Any]]:
    """The operations and schemas that a place in the document is in or, above them, that an update of it names.

    A place outside of all operations and schemas belongs to the document as a whole.
    """
    match list(parts):
        case ["paths", path, str(method), *_] if method in METHODS:
            yield document["paths"][path][method]
        case ["paths", path] if isinstance(update, dict):
            yield from (document["paths"][path][method] for method in METHODS if method in update)
        case ["paths"] if isinstance(update, dict):
            for path, item in update.items():
                yield from owners(document, ("paths", path), item)
        case ["components", "schemas", key, *_]:
            yield document["components"]["schemas"][key]
        case ["components", "schemas"] if isinstance(update, dict):
            yield from (document["components"]["schemas"][key] for key in update)
        case _:
            yield document


def owners_named(document: dict[str, Any], places: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The operations and schemas that places are in, as rules name them: "GET /path …" or "schema Name.property"."""
    paths, schemas = document["paths"], document["components"].get("schemas", {})
    for place in places:
        method, _, rest = place.partition(" ")
        path = rest.partition(" ")[0]
        if method.lower() in paths.get(path, {}):
            yield paths[path][method.lower()]
            continue
        name = place.removeprefix("schema ")
        while name and name not in schemas:
            name = name.rpartition(".")[0]
        if name:
            yield schemas[name]
