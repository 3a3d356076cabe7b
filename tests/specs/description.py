"""What a document says of recorded requests and answers, and where that is not what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from generator.document import BASE, METHODS
from generator.lookup import Lookup
from generator.refine.variants import FIXED, variants
from generator.schema import Schema
from tests.contract.exchange import Exchange, bare_media
from tests.contract.routes import Routes
from tests.contract.values import FORM, parsed

_DOCUMENT = "urn:document"


def _properties(validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """A schema with properties is one of objects, as all who read it take it; the published files leave that out
    (KS-0151), and to the letter anything that is no object would fit."""
    if "type" not in schema and not isinstance(instance, dict):
        yield ValidationError(f"{instance!r} is not of type 'object'")
    yield from Draft202012Validator.VALIDATORS["properties"](validator, properties, instance, schema)


_Validator: Any = extend(Draft202012Validator, {"properties": _properties})  # type: ignore[no-untyped-call]  # jsonschema does not type it


class Description:
    """A document that is asked what it says.

    What is called a fault is one sentence about the first thing that is wrong; None where nothing is.

    Args:
        document: OpenAPI 3.1, as published or corrected.
        swagger: the paths of the Swagger files that it was converted from, if it was.
    """

    def __init__(self, document: Mapping[str, Any], swagger: Mapping[str, Any] | None = None) -> None:
        self.document = document
        self.lookup = Lookup(document)
        self.swagger = swagger
        self.routes = Routes(document)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(document))

    def operation(self, name: str) -> Mapping[str, Any]:
        """The operation `METHOD /path`, the path with its parameters filled in or not; empty where there is none."""
        method, _, path = name.partition(" ")
        item = self.document["paths"].get(path)
        if item is not None:
            return item.get(method.lower(), {})  # type: ignore[no-any-return]  # documents are plain dicts
        found = self.routes.find(method, path)
        return {} if found is None else found.template.described

    def operations(self, under: str) -> dict[str, Mapping[str, Any]]:
        """All operations whose path begins so, as `METHOD /path`."""
        return {
            f"{method.upper()} {path}": item[method]
            for path, item in self.document["paths"].items()
            if path.startswith(under)
            for method in METHODS
            if method in item
        }

    def query(self, name: str) -> dict[str, Mapping[str, Any]]:
        """The query parameters of an operation."""
        parameters = self.operation(name).get("parameters", ())
        return {one["name"]: one for one in parameters if one["in"] == "query"}

    def without(self, name: str) -> str | None:
        """The fault of not having an operation."""
        return None if self.operation(name) else f"there is no operation {name}"

    def request_fault(self, exchange: Exchange) -> str | None:
        """What a recorded request has that the document does not know, or lacks that it demands."""
        name = f"{exchange.method} {exchange.path}"
        return self.without(name) or self._query_fault(name, exchange) or self._body_fault(name, exchange)

    def answer_fault(self, exchange: Exchange) -> str | None:
        """What a recorded answer has that the document does not say, or says otherwise."""
        name = f"{exchange.method} {exchange.path}"
        if self.without(name):
            return self.without(name)
        responses = self._called(name, exchange)["responses"]
        status = exchange.answer.status or 0
        response = responses.get(str(status)) or (responses.get("default") if status >= 400 else None)
        if response is None:
            return f"an answer of status {status} is not described"
        content, media = self._content(response), bare_media(exchange.answer.header("Content-Type"))
        if not exchange.answer.content:
            json = next((one for one in content if "json" in one), None)
            return None if json is None else f"{json} is described, and nothing was sent"
        return self._content_fault(content, media, exchange.answer.content)

    def value_fault(self, schema: Schema, value: Any) -> str | None:
        """Why a value does not fit a schema, or what of it the schema does not know."""
        validator = _Validator({"$id": "urn:value", **_anchored(schema)}, registry=self._registry)
        try:
            error = best_match(validator.iter_errors(value))
        except Unresolvable as missing:
            return f"it refers to nothing: {missing.ref.rpartition('/')[2]}"
        if error is not None:
            return f"{error.json_path.removeprefix('$.')}: {_shortened(error.message)}"
        gone = next(self._unknown(schema, value, ""), None)
        return None if gone is None else f"nothing is said of {gone}"

    def property_fault(self, name: str, value: Any) -> str | None:
        """Why a value does not fit what is said of a property, `v1.Secret.data`."""
        definition, _, last = name.rpartition(".")
        return self.value_fault(self.lookup.property(self.lookup.schema(definition), (last,)), value)

    def says(self, name: str, text: str) -> str | None:
        """The fault of saying nothing about something, in so many words, where an operation is described."""
        operation = self.operation(name)
        said = f"{operation.get('description', '')} {operation.get('requestBody', {}).get('description', '')}"
        return None if text in said else f"{name} does not say {text!r}"

    def _called(self, name: str, exchange: Exchange) -> Mapping[str, Any]:
        """What is described of an operation for what the query of a request says."""
        described, given = self.operation(name), dict(parse_qsl(exchange.query))
        return next((one for one in variants(described) if one[FIXED].items() <= given.items()), described)

    def _query_fault(self, name: str, exchange: Exchange) -> str | None:
        known, given = self.query(name), parse_qsl(exchange.query, keep_blank_values=True)
        for key, _ in given:
            if key not in known:
                return f"there is no query parameter {key}"
        for key, parameter in known.items():
            if parameter.get("required") and key not in dict(given):
                return f"the query parameter {key} is demanded"
        return None

    def _body_fault(self, name: str, exchange: Exchange) -> str | None:
        body = self.operation(name).get("requestBody", {})
        if not exchange.body:
            return "a body is demanded" if body.get("required") else None
        if not body:
            return "it takes no body"
        return self._content_fault(self._content(body), exchange.media, exchange.body)

    def _content_fault(self, content: Mapping[str, Any], media: str, body: bytes) -> str | None:
        offered = {bare_media(one): described for one, described in content.items()}
        if not offered:
            return "nothing is said of the body"
        if media not in offered:
            return f"it is {', '.join(offered)}, not {media}"
        schema = offered[media].get("schema", {})
        if media == FORM:
            return self.value_fault(schema, dict(parse_qsl(body.decode(), keep_blank_values=True)))
        return self.value_fault(schema, parsed(body) if "json" in media else body.decode())

    def _content(self, holder: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in holder:
            _, _, kind, key = holder["$ref"].split("/")
            holder = self.document["components"][kind][key]
        content: Mapping[str, Any] = holder.get("content", {})
        return content

    def _unknown(self, schema: Schema, value: Any, where: str) -> Iterator[str]:
        """The parts of a value that a schema which it fits says nothing of; a caller would not find them."""
        if not isinstance(value, dict | list) or not value:
            return
        schema = self._variant(self.lookup.resolved(schema), value)
        if all(key.startswith("x-") or key == "description" for key in schema):
            return  # any JSON there is, as it says
        if isinstance(value, list):
            inner = schema.get("prefixItems") or [schema.get("items")] * len(value)
            for position, (one, item) in enumerate(zip(value, inner, strict=False)):
                if item is None:
                    yield f"{where}[]"
                else:
                    yield from self._unknown(item, one, f"{where}[{position}]")
            return
        rest = schema.get("additionalProperties", "properties" not in schema and schema.get("type") == "object")
        for name, one in value.items():
            place = f"{where}.{name}" if where else name
            known = schema.get("properties", {}).get(name, rest)
            if isinstance(known, dict):
                yield from self._unknown(known, one, place)
            elif not known and not schema.get(BASE):
                yield place

    def _variant(self, schema: Schema, value: Any) -> Schema:
        """Of several schemas the one that a value fits."""
        for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            if _Validator({"$id": "urn:value", **_anchored(one)}, registry=self._registry).is_valid(value):
                return self._variant(self.lookup.resolved(one), value)
        return schema


def filled(path: str, value: str = "x") -> str:
    """A path with the same value for each of its parameters."""
    parts = (value if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def _anchored(node: Any) -> Any:
    """A schema whose references lead into the document from wherever it stands."""
    if isinstance(node, dict):
        return {
            key: f"{_DOCUMENT}{value}" if key == "$ref" and isinstance(value, str) else _anchored(value)
            for key, value in node.items()
        }
    return [_anchored(one) for one in node] if isinstance(node, list) else node


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"… {text[-200:]}"
