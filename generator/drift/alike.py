"""Takes out of two corrected states what differs between them though upstream did not change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.document import ALWAYS, BASE
from generator.merge import same_type, with_references
from generator.release import Source
from generator.repair.bodies import in_requests
from generator.repair.rule import GO_RESTFUL
from generator.schema import SCHEMAS, Schema, reachable

Document = dict[str, Any]
Documents = Mapping[str, Document]


def take_place(repaired: Document, overlaid: Document) -> Document:
    """A corrected source in which a type of ours takes the place of the same type that the source publishes.

    Corrections bring types of Kubernetes under their full names. Where a file publishes one of them too,
    `v1.RoleRef` beside `io.k8s.api.rbac.v1.RoleRef`, there would be two classes and both would be called otherwise.
    """
    published, described = schemas_of(repaired), schemas_of(overlaid)
    changed = {}
    for key in sorted(described.keys() - published.keys()):
        short = ".".join(key.split(".")[-2:])
        theirs = short != key and short in published and described.get(short)
        if theirs and same_type(described[key], theirs):
            changed[short] = key
    if not changed:
        return overlaid
    for short in changed:
        del described[short]
    renamed: Document = with_references(overlaid, {SCHEMAS + old: SCHEMAS + new for old, new in changed.items()})
    return renamed


def of_twin(key: str, schema: Schema, own: Sequence[Mapping[str, Schema]]) -> Schema:
    """A schema to lend to a state, with no property that the state lacks where it describes the type in another source."""
    short = key.split(".")[-2:]
    twins = [
        one for several in own for other, one in several.items() if other != key and other.split(".")[-2:] == short
    ]
    twin = next((one for one in twins if schema.get("properties") and same_type(one, schema)), None)
    if twin is None:
        return schema
    known = twin["properties"].keys()
    lists = {word: [name for name in schema[word] if name in known] for word in ("required", ALWAYS) if word in schema}
    properties = {name: one for name, one in schema["properties"].items() if name in known}
    return {**schema, **lists, "properties": properties}


def free_requests(source: Source, overlaid: Document, repaired: Document, other: Document) -> None:
    """Ask in requests, in place, for no field that the rules for another state of the source do not ask for.

    What go-restful requires is free where requests hold the schema. The first operation that sends it changes that, and
    no operation that there was before.
    """
    if source.writer != GO_RESTFUL:
        return
    published, described = schemas_of(repaired), schemas_of(overlaid)
    for key in sorted(in_requests(other) - in_requests(repaired)):
        theirs = published.get(key, {}).get("required", [])
        if key in described and (ours := described[key].pop("required", [])):
            described[key]["required"] = [one for one in ours if one not in theirs]
            if not described[key]["required"]:
                del described[key]["required"]


def without_idle(repaired: Documents, overlaid: Documents) -> list[Document]:
    """The corrected sources without the schemas that nothing uses since or because they were corrected.

    In the files that it was written for, a correction takes away what it makes idle, and uses what it adds. In those of
    another state such a schema would be a class that no method has, and take the names of others.
    """
    before = {key: schema for one in repaired.values() for key, schema in schemas_of(one).items()}
    idle = before.keys() - reachable([_without_schemas(one) for one in repaired.values()], before)
    every = {key: schema for one in overlaid.values() for key, schema in schemas_of(one).items()}
    kept = {*idle, *(key for key, schema in every.items() if schema.get(BASE) is True)}
    kept |= reachable([*map(_without_schemas, overlaid.values()), *(every.get(key, {}) for key in sorted(kept))], every)
    return [
        {**one, "components": {**one["components"], "schemas": _only(schemas_of(one), kept)}}
        if schemas_of(one).keys() - kept
        else one
        for one in overlaid.values()
    ]


def schemas_of(document: Document) -> dict[str, Schema]:
    schemas: dict[str, Schema] = document.setdefault("components", {}).setdefault("schemas", {})
    return schemas


def _without_schemas(document: Document) -> Document:
    components = {kind: members for kind, members in document["components"].items() if kind != "schemas"}
    return {**document, "components": components}


def _only(schemas: Mapping[str, Schema], kept: set[str]) -> dict[str, Schema]:
    return {key: schema for key, schema in schemas.items() if key in kept}
