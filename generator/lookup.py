"""Finding operations, schemas and properties in a corrected document by the names a person knows them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from generator.document import PUBLISHED_NAME, primary_media
from generator.schema import Schema, reachable, reference, without_null

_STEP = re.compile(r"\[\]|\{\}|[^.\[\]{}]+")
_MAX_FOLLOWED = 50  # references in a row; more can only be a circle
_UNIONS = ("anyOf", "oneOf")


class NotFoundError(Exception):
    """What was looked for is not in the document; the message says how far the way led."""


def steps(property_path: str) -> tuple[str, ...] | None:
    """`items[].metadata.labels{}` as its steps: `[]` is an item of a list, `{}` a value of a map; None if it is none."""
    found = _STEP.findall(property_path)
    bare = re.sub(r"\[\]|\{\}|\.", "", property_path)
    return tuple(found) if found and bare == "".join(one for one in found if one not in ("[]", "{}")) else None


@frozen
class Lookup:
    """A document, and its schemas by all the names they have."""

    document: Mapping[str, Any]
    schemas: Mapping[str, Schema] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "schemas", self.document.get("components", {}).get("schemas", {}))

    def operation(self, name: str) -> dict[str, Any]:
        """The operation `METHOD /path`."""
        method, _, path = name.partition(" ")
        found = self.document.get("paths", {}).get(path, {}).get(method.lower())
        if not isinstance(found, dict):
            raise NotFoundError("there is no such operation")
        return found

    def schema(self, name: str) -> Schema:
        """The one schema that was published as, or is called, a name."""
        exact = [key for key in self.schemas if self._published(key) == name]
        found = exact or [key for key in self.schemas if self.is_called(key, name)]
        if not found:
            raise NotFoundError("there is no such schema")
        if len(found) > 1:
            raise NotFoundError(f"{len(found)} schemas are called so: {', '.join(sorted(found))}")
        return self.schemas[found[0]]

    def is_called(self, key: str, name: str) -> bool:
        """Whether a component is meant by a name: its published one, the last two parts of that, or its own."""
        published = self._published(key)
        if "." not in name:
            return key.rpartition(".")[2] == name
        return name in (published, ".".join(published.split(".")[-2:]), key)

    def _published(self, key: str) -> str:
        return str(self.schemas.get(key, {}).get(PUBLISHED_NAME, key))

    def parameter(self, operation: Mapping[str, Any], name: str) -> dict[str, Any]:
        for one in operation.get("parameters", ()):
            if one.get("name") == name:
                return dict(one)
        raise NotFoundError(f"there is no parameter {name}")

    def body(self, operation: Mapping[str, Any]) -> Schema:
        return self._content_schema(operation.get("requestBody"), "body")

    def response(self, operation: Mapping[str, Any], status: str | None = None) -> Schema:
        """The schema of the response of a status, or of the first success."""
        responses = operation.get("responses", {})
        chosen = status or next((one for one in sorted(responses) if one.startswith("2")), None)
        return self._content_schema(responses.get(chosen), f"response {status or 'of a success'}")

    def _content_schema(self, holder: Any, what: str) -> Schema:
        target = holder.get("$ref", "") if isinstance(holder, dict) else ""
        if target.startswith("#/components/"):
            kind, _, key = target.removeprefix("#/components/").partition("/")
            holder = self.document.get("components", {}).get(kind, {}).get(key)
        content = holder.get("content", {}) if isinstance(holder, dict) else {}
        media = primary_media(content)
        if media is None or not isinstance(content[media].get("schema"), dict):
            raise NotFoundError(f"there is no schema for the {what}")
        schema: Schema = content[media]["schema"]
        return schema

    def property(self, schema: Schema, way: Sequence[str]) -> Schema:
        """What the steps lead to from a schema, through references, compositions and variants that are not null."""
        gone = ""
        for step in way:
            whole = self.resolved(schema)
            gone += step if step in ("[]", "{}") or not gone else f".{step}"
            inner = _inner(whole, step)
            if inner is None:
                raise NotFoundError(f"there is no {gone}")
            schema = inner
        return schema

    def resolved(self, schema: Schema) -> Schema:
        """The schema with its reference followed, null left aside and `allOf` merged; what is inside stays as it is."""
        for _ in range(_MAX_FOLLOWED):
            key = reference(schema)
            if key is not None:
                beside = {name: value for name, value in schema.items() if name != "$ref"}
                schema = {**self.schemas.get(key, {}), **beside}
            elif isinstance(schema.get("allOf"), list):
                merged: Schema = {}
                for part in (*schema["allOf"], {name: value for name, value in schema.items() if name != "allOf"}):
                    merged = self._refined(merged, self.resolved(part))
                schema = merged
            elif any(variant.get("type") == "null" for union in _UNIONS for variant in schema.get(union, ())):
                schema = without_null(schema)
            else:
                return schema
        raise NotFoundError("its references go in a circle")

    def _refined(self, one: Any, other: Any) -> Any:
        """A schema, or a part of one, with what another says in addition; where they differ the other counts."""
        if not isinstance(one, dict) or not isinstance(other, dict) or "$ref" in other:
            return other
        if "$ref" in one:
            one = self.resolved(one)
        return {**one, **{name: self._refined(one.get(name), value) for name, value in other.items()}}

    def referred(self, schema: Schema) -> str | None:
        """The key of the component that a schema is, null and a composition of that one alone left aside."""
        key = reference(schema)
        if key is not None:
            return key
        for union in (*_UNIONS, "allOf"):
            variants = [one for one in schema.get(union, ()) if one.get("type") != "null"]
            if len(variants) == 1:
                return self.referred(variants[0])
        return None

    def reached(self, node: Any) -> Iterator[str]:
        """The keys of all components that something refers to, directly or through others."""
        yield from sorted(reachable(node, dict(self.schemas)))


def _inner(schema: Schema, step: str) -> Schema | None:
    if step == "[]":
        found = schema.get("items")
    elif step == "{}":
        found = schema.get("additionalProperties")
    else:
        found = schema.get("properties", {}).get(step)
    if found is True:
        return {}
    return found if isinstance(found, dict) else None
