"""Documents at random, and ways to write the same document differently."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.drift.mutations.case import State, answer, ref

_KEYS = tuple(f"other.Model{number}" for number in range(4))
_NAMES = ("name", "kind", "spec", "items", "phase", "message")
_SCALARS = st.sampled_from(
    (
        {"type": "string"},
        {"type": ["string", "null"], "description": "A word."},
        {"type": "integer", "format": "int64", "minimum": 1},
        {"type": "string", "enum": ["a", "b", "c"]},
        {"type": "boolean", "default": False},
        {},
    )
)
_REFERENCES = st.sampled_from(_KEYS).map(ref)


def _inside(schemas: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(st.sampled_from(_NAMES), schemas, min_size=1, max_size=3)
    return st.one_of(
        schemas.map(lambda items: {"type": "array", "items": items}),
        schemas.map(lambda values: {"type": "object", "additionalProperties": values}),
        properties.map(lambda found: {"type": "object", "properties": found, "required": sorted(found)[:1]}),
        properties.map(lambda found: {"allOf": [ref(_KEYS[0]), {"type": "object", "properties": found}]}),
        st.tuples(_REFERENCES, _SCALARS).map(lambda both: {"oneOf": [*both, {"type": "null"}]}),
    )


_SCHEMAS = st.recursive(st.one_of(_SCALARS, _REFERENCES), _inside, max_leaves=5)
_MODELS = st.dictionaries(st.sampled_from(_NAMES), _SCHEMAS, min_size=2, max_size=4).map(
    lambda found: {"type": "object", "properties": found, "x-always-serialised": sorted(found)[:1]}
)
_PARAMETERS = st.dictionaries(st.sampled_from(("page", "sort", "watch")), _SCALARS, max_size=3).map(
    lambda found: [{"name": name, "in": "query", "schema": schema} for name, schema in found.items()]
)


@st.composite
def _operations(draw: st.DrawFn) -> dict[str, Any]:
    body = draw(st.none() | _SCHEMAS)
    sent = (
        {} if body is None else {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    )
    return {
        "operationId": "other.v1.call",
        "parameters": draw(_PARAMETERS),
        **sent,
        "responses": answer(draw(_SCHEMAS)),
    }


@st.composite
def documents(draw: st.DrawFn) -> State:
    """A few operations with components that refer to each other and to themselves."""
    paths = {
        f"/other/{number}/{{name}}": {draw(st.sampled_from(("get", "put", "post"))): draw(_operations())}
        for number in range(draw(st.integers(1, 4)))
    }
    return State(paths, {key: draw(_MODELS) for key in _KEYS})


def reordered(document: Any, chance: random.Random) -> Any:
    """The same with every object, and every list whose order means nothing, in another order."""
    if isinstance(document, dict):
        members = [(key, _mixed(key, reordered(value, chance), chance)) for key, value in document.items()]
        chance.shuffle(members)
        return dict(members)
    return [reordered(one, chance) for one in document] if isinstance(document, list) else document


def _mixed(key: str, value: Any, chance: random.Random) -> Any:
    if isinstance(value, list) and key in (
        "parameters",
        "required",
        "enum",
        "type",
        "oneOf",
        "anyOf",
        "x-always-serialised",
    ):
        return chance.sample(value, len(value))
    return value


def redescribed(document: Any, chance: random.Random) -> Any:
    """The same in other words: descriptions, tags, ids and evidence."""
    document = deepcopy(document)
    document["info"]["description"] = "Another."
    for operation in _operations_of(document):
        operation |= {
            "summary": "Another.",
            "tags": ["other"],
            "operationId": f"call{chance.random()}",
            "x-kubesphere-evidence": [1],
        }
    for schema in _every_schema(document):
        schema |= {"description": "Another.", "x-kubesphere-evidence": [{"says": "so"}]}
    return document


def renamed(document: Any, chance: random.Random) -> Any:
    """The same with other keys of components."""
    return _replaced(document, "other.Model", "another.v2.Model")


def inlined(document: Any, chance: random.Random) -> Any:
    """The same with the components written where they are used, one level deep."""
    document = deepcopy(document)
    schemas = deepcopy(document["components"]["schemas"])
    for operation in _operations_of(document):
        for value in (operation["responses"]["200"], operation.get("requestBody", {})):
            for media in value.get("content", {}).values():
                media["schema"] = _inlined(media["schema"], schemas)
    return document


def _inlined(schema: Any, schemas: Mapping[str, Any]) -> Any:
    target = schema.get("$ref", "").rpartition("/")[2]
    if target in schemas:
        return deepcopy(schemas[target])
    if "items" in schema:
        return {**schema, "items": _inlined(schema["items"], schemas)}
    return schema


def extracted(document: Any, chance: random.Random) -> Any:
    """The same with what stands in operations moved into components."""
    document = deepcopy(document)
    schemas = document["components"]["schemas"]
    for number, operation in enumerate(_operations_of(document)):
        for media in operation["responses"]["200"].get("content", {}).values():
            schemas[f"made.Answer{number}"] = media["schema"]
            media["schema"] = ref(f"made.Answer{number}")
    return document


def wrapped(document: Any, chance: random.Random) -> Any:
    """The same with every property in an `allOf`, and null as a variant."""
    document = deepcopy(document)
    for schema in document["components"]["schemas"].values():
        for name, value in schema.get("properties", {}).items():
            schema["properties"][name] = {"allOf": [_null_apart(value)]}
    return document


def _null_apart(schema: Any) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list) and len(kind) == 2 and "null" in kind:
        other = next(one for one in kind if one != "null")
        return {"anyOf": [{**schema, "type": other}, {"type": "null"}]}
    return schema


def with_unreachable(document: Any, chance: random.Random) -> Any:
    """The same with a component that nothing refers to."""
    document = deepcopy(document)
    document["components"]["schemas"]["nobody.Model"] = {"type": "object", "properties": {"a": ref(_KEYS[0])}}
    return document


REWRITINGS: tuple[Callable[[Any, random.Random], Any], ...] = (
    reordered,
    redescribed,
    renamed,
    inlined,
    extracted,
    wrapped,
    with_unreachable,
)


def _operations_of(document: Any) -> list[Any]:
    return [
        operation for item in document["paths"].values() for operation in item.values() if isinstance(operation, dict)
    ]


def _every_schema(document: Any) -> list[Any]:
    found = list(document["components"]["schemas"].values())
    for schema in found:
        found += [one for one in schema.get("properties", {}).values() if "$ref" not in one]
    return found


def _replaced(node: Any, word: str, other: str) -> Any:
    if isinstance(node, dict):
        return {key.replace(word, other): _replaced(value, word, other) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(one, word, other) for one in node]
    return node.replace(word, other) if isinstance(node, str) else node
