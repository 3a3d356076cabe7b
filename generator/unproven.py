"""What no correction could make good: answers and bodies of no known type, and operations that stand as published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from attrs import asdict, frozen

from generator.document import PUBLISHED, VARIANTS, operations
from generator.evidence import EVIDENCE
from generator.schema import Schema, page_of, reference

# What says nothing of a value; a schema with anything else has a type.
_WORDS = frozenset(("description", "title", "example", "default", "deprecated", "readOnly", "writeOnly"))


@frozen(order=True)
class Untyped:
    """JSON that the client hands over as it is, because nobody says what is in it."""

    call: str
    method: str
    path: str
    what: str  # "answer" or "body"

    @property
    def entry(self) -> dict[str, str]:
        """As manifest.json has it."""
        return asdict(self)


def untyped(document: Mapping[str, Any]) -> tuple[Untyped, ...]:
    """The methods whose answer or body is JSON of no known type, or a list of such."""
    schemas = document["components"].get("schemas", {})
    found = set()
    for method, path, operation in operations(document):
        name = operation["operationId"]
        places = [(name, "body", operation.get("requestBody", {}).get("content", {}))]
        places += [
            (name, "answer", response.get("content", {}))
            for status, response in operation["responses"].items()
            if status.startswith("2")
        ]
        places += [
            (f"{name.rpartition('.')[0]}.{variant}", "answer", said.get("content", {}))
            for variant, said in operation.get(VARIANTS, {}).items()
        ]
        found |= {
            Untyped(call, method.upper(), path, what)
            for call, what, content in places
            if any(
                "json" in media and _says_nothing(said.get("schema", {}), schemas) for media, said in content.items()
            )
        }
    return tuple(sorted(found))


def as_published(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The published operations that no correction is about: whatever is said of them, their file alone says it.

    What is said of every operation of a file, such as how errors look, is about none of them.
    """
    by_source: dict[str, dict[str, set[str]]] = {}
    for _, _, operation in operations(document):
        if PUBLISHED in operation:
            corrections = {one["by"] for one in operation.get(EVIDENCE, ()) if "evidence" in one}
            by_source.setdefault(operation[PUBLISHED]["source"], {})[operation["operationId"]] = corrections
    return tuple(sorted(name for known in by_source.values() for name in _touched_by_none(known)))


def _touched_by_none(corrections: Mapping[str, set[str]]) -> Iterator[str]:
    of_all: set[str] = reduce(set.intersection, corrections.values(), set().union(*corrections.values()))
    for name, own in corrections.items():
        if own <= of_all:
            yield name


def _says_nothing(schema: Schema, schemas: Mapping[str, Schema]) -> bool:
    key = reference(schema)
    if key is not None:
        return _says_nothing(schemas[key], schemas)
    page = page_of(schema)
    if page is not None:
        return _says_nothing(page[1], schemas)
    said = {word for word in schema if word not in _WORDS and not word.startswith("x-")}
    if schema.get("type") == "array" and "prefixItems" not in said:
        return _says_nothing(schema.get("items", {}), schemas)
    return not said
