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
    try:
        flat: dict[str, Any] = _Flattening(document.get("components", {})).rewritten(document)
    except RecursionError:
        raise GeneratorError(
            "A schema is composed of others through too many levels of allOf.\nCorrect it with an overlay."
        ) from None
    return flat


class _Flattening:
    """The components of a document, and what was found of them: one may be part of a part of itself many times over."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._schemas: Mapping[str, Schema] = components.get("schemas", {})
        self._composed: dict[str, Schema] = {}

    def rewritten(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.rewritten(item) for item in node]
        if not isinstance(node, dict):
            return node
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(_RESPONSES):
            node = self._components["responses"][target.removeprefix(_RESPONSES)]
        if isinstance(node.get("allOf"), list):
            page = page_of(node)
            if page is None:
                node = self._merged(node, ())
            else:
                envelope, items = page
                rest = {key: value for key, value in node.items() if key != "allOf"}
                node = {**rest, "$ref": SCHEMAS + envelope, PAGE_ITEMS: items}
        return {key: self.rewritten(value) for key, value in node.items()}

    def _merged(self, schema: Schema, within: tuple[str, ...]) -> Schema:
        parts = schema["allOf"]
        own = {key: value for key, value in schema.items() if key != "allOf"}
        if len(parts) == 1 and "$ref" in parts[0] and not own.get("properties"):
            return {**own, **parts[0]}
        merged: Schema = {}
        for part in (*parts, own):
            resolved = self._resolved(part, within)
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

    def _resolved(self, part: Schema, within: tuple[str, ...]) -> Schema:
        key = reference(part)
        if key is None:
            return self._merged(part, within) if isinstance(part.get("allOf"), list) else part
        if key in within:
            raise GeneratorError(f"The schema {key} is composed of itself through allOf.\nCorrect it with an overlay.")
        if key not in self._schemas:
            raise GeneratorError(f"allOf refers to {SCHEMAS}{key}, which does not exist.\nCorrect it with an overlay.")
        if key not in self._composed:
            target = self._schemas[key]
            composed = isinstance(target.get("allOf"), list)
            self._composed[key] = self._merged(target, (*within, key)) if composed else target
        return self._composed[key]
