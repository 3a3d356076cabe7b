"""Which Python type a schema becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.errors import GeneratorError
from generator.pytypes import (
    ANY,
    BYTES,
    NONE,
    STR,
    EnvelopeOf,
    ListOf,
    MapOf,
    ModelType,
    Nullable,
    Plain,
    PyType,
    Scalar,
    Tagged,
    TupleOf,
    union_of,
)
from generator.schema import PAGE_ITEMS, UNIX_TIME, Schema, allows_null, is_map, is_model, reference, without_null

_SCALARS: dict[str, PyType] = {"boolean": Plain("bool"), "integer": Plain("int"), "number": Plain("float")}
_STRINGS: dict[str, PyType] = {
    "date-time": Scalar("Timestamp"),
    "quantity": Scalar("Quantity"),
    "binary": BYTES,
}
_UNITS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000}
_INT_OR_STRING = Plain("IntOrString")


def type_of(schema: Schema, schemas: Mapping[str, Schema], seen: tuple[str, ...] = ()) -> PyType:
    """The type of a JSON value that a schema describes; a reference to what is no object is followed.

    Raises:
        GeneratorError: a schema that refers to nothing but itself.
    """
    key = reference(schema)
    if key is not None:
        if is_model(schemas[key]):
            module, _, name = key.rpartition(".")
            model = ModelType(module, name)
            return EnvelopeOf(model, type_of(schema[PAGE_ITEMS], schemas, seen)) if PAGE_ITEMS in schema else model
        if key in seen:
            raise GeneratorError(f"The schema {key} contains itself and nothing else.\nCorrect it with an overlay.")
        return type_of(schemas[key], schemas, (*seen, key))
    if schema.get("format") == "int-or-string":
        return _INT_OR_STRING
    if schema.get("type") == "null":
        return NONE
    if allows_null(schema):
        return Nullable(type_of(without_null(schema), schemas, seen))
    values = schema.get("enum")
    if isinstance(values, list) and values and all(isinstance(value, str | int) for value in values):
        return Plain(f"Literal[{', '.join(ascii(value) for value in values)}]")
    variants = schema.get("anyOf") or schema.get("oneOf")
    tagged = _tagged(schema, schemas, seen)
    if tagged is not None:
        return tagged
    if variants:
        return union_of(tuple(type_of(variant, schemas, seen) for variant in variants))
    return _by_kind(schema, schemas, seen)


def _tagged(schema: Schema, schemas: Mapping[str, Schema], seen: tuple[str, ...]) -> PyType | None:
    """The union of classes that a discriminator tells apart."""
    discriminator = schema.get("discriminator", {})
    mapping = discriminator.get("mapping", {})
    if not ("oneOf" in schema or "anyOf" in schema) or not mapping:
        return None
    kinds = tuple((value, type_of({"$ref": target}, schemas, seen)) for value, target in mapping.items())
    models = all(isinstance(kind, ModelType) for _, kind in kinds)
    return Tagged(discriminator["propertyName"], kinds) if models else None


def _by_kind(schema: Schema, schemas: Mapping[str, Schema], seen: tuple[str, ...]) -> PyType:
    kind: Any = schema.get("type")
    if isinstance(kind, list):
        return union_of(tuple(type_of({**schema, "type": one}, schemas, seen) for one in kind))
    if kind == "array" and "prefixItems" in schema:
        members = tuple(type_of(member, schemas, seen) for member in schema["prefixItems"])
        fixed = schema.get("minItems") == schema.get("maxItems") == len(members)
        return TupleOf(members) if fixed and all(isinstance(one, Plain) for one in members) else ListOf(ANY)
    if kind == "array":
        return ListOf(type_of(schema.get("items", {}), schemas, seen))
    if is_map(schema):
        values = schema.get("additionalProperties", True)
        return MapOf(type_of(values if isinstance(values, dict) else {}, schemas, seen))
    if kind == "string":
        return _STRINGS.get(schema.get("format", ""), STR)
    return _SCALARS.get(kind, ANY)


def argument_type(schema: Schema, schemas: Mapping[str, Schema]) -> PyType:
    """The type of a path, query or header argument, which is written as text: what a user would pass."""
    if unix_units(schema) is not None:
        return Plain("int | datetime")
    kind = type_of(schema, schemas)
    match kind:
        case Nullable():
            return argument_type(without_null(schema), schemas)
        case Scalar():
            return STR
        case ListOf():
            return Plain(f"Sequence[{_written(kind.item)}]")
        case ModelType() | MapOf():
            return ANY
        case _:
            return kind


def unix_units(schema: Schema) -> int | None:
    """How many units of a parameter make a second, where it is a Unix time.

    Raises:
        GeneratorError: the schema names a unit that is none.
    """
    unit = schema.get(UNIX_TIME)
    if unit is None:
        return None
    if schema.get("type") != "integer" or unit not in _UNITS:
        raise GeneratorError(
            f"{UNIX_TIME} is {ascii(unit)[:80]} on a parameter of the type {ascii(schema.get('type'))[:80]}.\n"
            f"In the overlay, make it an integer and name one of {', '.join(_UNITS)}."
        )
    return _UNITS[unit]


def _written(item: PyType) -> str:
    return item.annotation("") if isinstance(item, Plain) else "str" if isinstance(item, Scalar) else "Any"


def media_kind(media: str) -> str:
    """How a body of a media type is read: "json", "text" or "bytes"."""
    name = media.partition(";")[0].strip().lower()
    if name == "application/json" or name.endswith("+json"):
        return "json"
    if name.startswith("text/") or name in ("application/yaml", "application/xml") or name.endswith(("+yaml", "+xml")):
        return "text"
    return "bytes"
