"""What texts on the wire are as arguments of a typed call, and which texts are none."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from generator.document import primary_media

FORM = "application/x-www-form-urlencoded"
JSON_PATCH = "application/json-patch+json"
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_JSON_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


class Untypable(Exception):
    """A value that the type of an argument does not allow; the text says why, as a reason to sort by."""


def value_of(text: str, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """The argument that a typed client writes as this text again.

    Raises:
        Untypable: there is none of the type.
    """
    schema = _resolved(schema, document)
    for union in ("anyOf", "oneOf"):
        for one in schema.get(union, ()):
            try:
                return value_of(text, one, document)
            except Untypable:
                continue
    if any(schema.get(union) for union in ("anyOf", "oneOf")):
        raise Untypable("a value that the parameter's type does not allow")
    kinds = schema.get("type", "string")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        value = _scalar(text, kind)
        if value is not None and ("enum" not in schema or value in schema["enum"]):
            return value
    raise Untypable("a value that the parameter's type does not allow")


def values_of(texts: Sequence[str], parameter: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """The argument for all values that a query gives one parameter.

    Raises:
        Untypable: the parameter's type does not allow them.
    """
    schema = _resolved(parameter.get("schema", {}), document)
    if schema.get("type") != "array":
        if len(texts) > 1:
            raise Untypable("a query key that is given more than once")
        return value_of(texts[0], schema, document)
    joiner = _joiner(parameter)
    if joiner is not None:
        if len(texts) > 1:
            raise Untypable("a query key that is given more than once")
        texts = texts[0].split(joiner)
    return [value_of(text, schema.get("items", {}), document) for text in texts]


def body_of(body: bytes, media: str, content: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """The argument for a body: a model where the operation has one, else what JSON is in Python, text or bytes.

    Args:
        media: the media type it was sent as, without parameters; one of those that the operation offers.
        content: what the operation offers.

    Raises:
        Untypable: the type of the body does not allow it.
    """
    schema = _schema_for(media, content)
    if media == FORM:
        return _form(body, schema, document)
    if media == "application/json" or media.endswith("+json"):
        return _json_body(body, media, schema, document)
    if media.startswith("multipart/"):
        raise Untypable("a multipart body, whose boundary is chosen by the client")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def parsed(content: bytes | str) -> Any:
    """A JSON document in which no number has lost anything.

    Raises:
        ValueError: it is none, or it says one thing twice.
    """
    text = content.decode() if isinstance(content, bytes) else content
    try:
        return json.loads(
            text, parse_float=_number, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _scalar(text: str, kind: str) -> Any:
    """The value of a kind that is written as the text; None where there is none."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if kind in ("integer", "number") and _INTEGER.fullmatch(text) and len(text) < 4000:
        return int(text)
    if kind == "number":
        try:
            return float(text) if repr(float(text)) == text else None
        except ValueError:
            return None
    return text if kind == "string" else None


def _json_body(body: bytes, media: str, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    try:
        value = parsed(body)
    except ValueError:
        raise Untypable("a body that is not JSON, or says one thing twice") from None
    if value is None:
        raise Untypable("a body of another kind than the operation takes")
    if media == JSON_PATCH and isinstance(value, list):
        return value
    return _model(value, schema, document)


def _model(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """A value as the type of the body has it."""
    reference = schema.get("$ref")
    schema = _resolved(schema, document)
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "properties" in schema:
        kinds = ["object", *kinds]
    kind = "number" if isinstance(value, Decimal) else _JSON_TYPES.get(type(value), "null")
    if kinds and kind not in kinds and not (kind == "integer" and "number" in kinds):
        raise Untypable("a body of another kind than the operation takes")
    if isinstance(value, list) and "items" in schema:
        return [_model(one, schema["items"], document) for one in value]
    model = None if reference is None else _model_class(reference)
    return value if model is None or not isinstance(value, dict) else model.from_dict(value)


def _model_class(reference: str) -> Any:
    """The class of a schema that is named module.Name; None where the name stands for something else."""
    module, _, name = reference.rpartition("/")[2].rpartition(".")
    found = getattr(importlib.import_module(f"kubesphere_client.models.{module}"), name, None)
    return found if hasattr(found, "from_dict") else None


def _form(body: bytes, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), errors="strict")
    except ValueError:
        raise Untypable("a body that is not a form") from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise Untypable("a form with a field that is given more than once")
        fields[name] = value
    return _model(fields, schema, document)


def _schema_for(media: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    chosen = next((one for one in content if one.partition(";")[0].strip().lower() == media), None)
    described: Mapping[str, Any] = content.get(chosen or primary_media(content) or "", {})
    schema: Mapping[str, Any] = described.get("schema", {})
    return schema


def _joiner(parameter: Mapping[str, Any]) -> str | None:
    if parameter.get("x-collection-format") == "tsv":
        return "\t"
    style = parameter.get("style", "form")
    if style == "form":
        return None if parameter.get("explode", True) else ","
    return {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style)


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    seen: set[str] = set()
    while "$ref" in schema and schema["$ref"] not in seen:
        seen.add(schema["$ref"])
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _number(text: str) -> float | Decimal:
    number = float(text)
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"the exponent of {text[:40]} is too large") from None
    return number if Decimal(repr(number)) == exact else exact


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("an object says one thing twice")
    return fields
