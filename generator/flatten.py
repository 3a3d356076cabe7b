"""What the parser cannot follow is resolved: schemas composed with `allOf`, and references to shared responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.errors import GeneratorError
from generator.schema import PAGE_ITEMS, SCHEMAS, Schema, page_of, reference

_RESPONSES = "#/components/responses/"


def flatten(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document that says the same without `allOf` and without shared responses.

    The envelope of a list stays a reference, with what it holds beside it.
    """
    flat: dict[str, Any] = _rewrite(document, document.get("components", {}))
    return flat


def _rewrite(node: Any, components: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_rewrite(item, components) for item in node]
    if not isinstance(node, dict):
        return node
    target = node.get("$ref")
    if isinstance(target, str) and target.startswith(_RESPONSES):
        node = components["responses"][target.removeprefix(_RESPONSES)]
    if isinstance(node.get("allOf"), list):
        page = page_of(node)
        if page is None:
            node = _merged(node, components.get("schemas", {}), ())
        else:
            envelope, items = page
            rest = {key: value for key, value in node.items() if key != "allOf"}
            node = {**rest, "$ref": SCHEMAS + envelope, PAGE_ITEMS: items}
    return {key: _rewrite(value, components) for key, value in node.items()}


def _merged(schema: Schema, schemas: Mapping[str, Schema], seen: tuple[str, ...]) -> Schema:
    parts = schema["allOf"]
    own = {key: value for key, value in schema.items() if key != "allOf"}
    if len(parts) == 1 and "$ref" in parts[0] and not own.get("properties"):
        return {**own, **parts[0]}
    merged: Schema = {}
    for part in (*parts, own):
        resolved = _resolve(part, schemas, seen)
        properties = {**merged.get("properties", {}), **resolved.get("properties", {})}
        required = [
            *merged.get("required", ()),
            *(name for name in resolved.get("required", ()) if name not in merged.get("required", ())),
        ]
        merged = {
            **merged,
            **resolved,
            **({"properties": properties} if properties else {}),
            **({"required": required} if required else {}),
        }
    return merged


def _resolve(part: Schema, schemas: Mapping[str, Schema], seen: tuple[str, ...]) -> Schema:
    key = reference(part)
    if key is not None:
        if key in seen:
            raise GeneratorError(f"The schema {key} is composed of itself through allOf.\nCorrect it with an overlay.")
        if key not in schemas:
            raise GeneratorError(f"allOf refers to {SCHEMAS}{key}, which does not exist.\nCorrect it with an overlay.")
        part, seen = schemas[key], (*seen, key)
    return _merged(part, schemas, seen) if isinstance(part.get("allOf"), list) else part
