"""Walking the references of a document: which schemas something refers to, and giving them other names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.errors import GeneratorError
from generator.schema import SCHEMAS

# Members whose own keys are names that somebody chose, and no keywords.
_NAMED = frozenset(
    "paths callbacks links responses headers content encoding schemas parameters requestBodies securitySchemes pathItems "
    "properties patternProperties $defs definitions dependentSchemas".split()
)
# Members that hold values as they go over the wire; what looks like a reference in them is data.
_DATA = frozenset(("example", "examples", "default", "enum", "const"))


def references(node: Any) -> Iterator[str]:
    """The keys of the component schemas that a part of a document refers to, with repetitions."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(SCHEMAS):
            yield target.removeprefix(SCHEMAS)
        for _, value in _members(node):
            yield from references(value)


def rename_references(document: Mapping[str, Any], new: Mapping[str, str]) -> dict[str, Any]:
    """The document with other keys for its component schemas, in every reference and discriminator too.

    Raises:
        GeneratorError: a reference leads to a schema that is not there.
    """

    def renamed(key: str) -> str:
        if key not in new:
            raise GeneratorError(
                f"A $ref leads nowhere: {ascii(SCHEMAS + key)[:200]}.\n"
                "Correct it with an overlay, or add a rule to generator/repair."
            )
        return SCHEMAS + new[key]

    result: dict[str, Any] = _rewrite(dict(document), renamed)
    components = result.get("components", {})
    schemas = {new[key]: schema for key, schema in components.get("schemas", {}).items()}
    return {**result, "components": {**components, "schemas": schemas}}


def _rewrite(node: Any, renamed: Callable[[str], str]) -> Any:
    if isinstance(node, list):
        return [_rewrite(item, renamed) for item in node]
    if not isinstance(node, dict):
        return node
    rewritten = dict(node)
    for names, value in _members(node):
        *outer, last = names
        if outer:
            if rewritten[outer[0]] is node[outer[0]]:
                rewritten[outer[0]] = dict(node[outer[0]])
            rewritten[outer[0]][last] = _rewrite(value, renamed)
        else:
            rewritten[last] = _rewrite(value, renamed)
    target = node.get("$ref")
    if isinstance(target, str) and target.startswith(SCHEMAS):
        rewritten["$ref"] = renamed(target.removeprefix(SCHEMAS))
    if isinstance(node.get("discriminator"), dict):
        rewritten["discriminator"] = _discriminator(node["discriminator"], renamed)
    return rewritten


def _members(node: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The parts of a node that may refer to schemas, each with the one or two keys that lead to it."""
    for key, value in node.items():
        if key in _NAMED and isinstance(value, dict):
            for name, part in value.items():
                yield (key, name), part
        elif key not in _DATA and isinstance(value, dict | list):
            yield (key,), value


def _discriminator(discriminator: Mapping[str, Any], renamed: Callable[[str], str]) -> dict[str, Any]:
    mapping = {
        value: renamed(target.removeprefix(SCHEMAS)) if target.startswith(SCHEMAS) else target
        for value, target in discriminator.get("mapping", {}).items()
    }
    return {**discriminator, **({"mapping": mapping} if mapping else {})}
