"""What openapi-python-client reads in the document, and the proof that all of it arrived.

That parser knows less than the document says and gives things up with a warning, so it is handed parts of a copy in its
own dialect; see `lowering`. What it made of a part is let go when the part has arrived: `refine` reads the document, and
takes from the parser what there is and in which order.
"""

from __future__ import annotations

import copyreg
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError as ParserFailure
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from generator.document import operations
from generator.errors import GeneratorError
from generator.flatten import flatten
from generator.lowering import Lowering, Part, lowered_name
from generator.schema import Schema, allows_null, is_map, is_model, reference, without_null

_KINDS: dict[Any, type[PropertyProtocol]] = {
    "array": ListProperty,
    "boolean": BooleanProperty,
    "integer": IntProperty,
    "number": FloatProperty,
}
_STRINGS: dict[str, type[PropertyProtocol]] = {"date-time": DateTimeProperty, "binary": FileProperty}
_ADDRESS = re.compile(r" object at 0x[0-9a-f]+")  # which the parser prints, and which is another one each time

# The parser makes an operation in four steps; each begins with a deep copy of what the one before it made, which nobody
# has any more. That was 0.45 s of 1.0 s for release-3.0. This is how Python is told that a class is its own copy.
copyreg.pickle(Endpoint, lambda endpoint: "itself")


@frozen
class Arrived:
    """What the parser read of an operation.

    Attributes:
        parameters: the place and the name of each, in the order of the parser.
        bodies: how many request bodies it has.
        responses: their status codes.
    """

    parameters: tuple[tuple[str, str], ...]
    bodies: int
    responses: tuple[str, ...]


@frozen
class Parsed:
    """A document, and what the parser read in it.

    `models` has the names of the properties of each component schema that has some, by its key in the document;
    `endpoints` has one entry per operation, by its operationId.
    """

    document: Mapping[str, Any]
    models: Mapping[str, frozenset[str]]
    endpoints: Mapping[str, Arrived]


def parse(document: Mapping[str, Any]) -> Parsed:
    """Read the corrected document with openapi-python-client's parser.

    Raises:
        GeneratorError: the parser complained, or something of the document did not arrive.
    """
    flat = flatten(document)
    lowering = Lowering(flat)
    arrival = _Arrival(flat, lowering)
    config = Config.from_sources(ConfigFile(post_hooks=[]), MetaType.NONE, "openapi.json", "utf-8", True, None)
    for part in lowering.parts():
        arrival.take(part, _read(part, config))
    arrival.raise_for_losses()
    return Parsed(document=flat, models=arrival.models, endpoints=arrival.endpoints)


def _read(part: Part, config: Config) -> GeneratorData:
    data = GeneratorData.from_dict(part.document, config=config)
    if isinstance(data, ParserFailure):
        raise GeneratorError(
            f"openapi-python-client cannot read the corrected document: {_one_line(data.detail)}.\n"
            "Correct it with an overlay."
        )
    return data


class _Arrival:
    """Every model with its properties, every operation with its parameters, body and responses: all are there."""

    def __init__(self, document: Mapping[str, Any], lowering: Lowering) -> None:
        self.models: dict[str, frozenset[str]] = {}
        self.endpoints: dict[str, Arrived] = {}
        self._document = document
        self._schemas: Mapping[str, Schema] = document.get("components", {}).get("schemas", {})
        self._lowering = lowering
        self._complaints: dict[str, None] = {}  # one about a schema comes with each part that refers to it
        self._lost: list[str] = []

    def take(self, part: Part, data: GeneratorData) -> None:
        """What arrived of a part, and what did not."""
        self._complaints.update(dict.fromkeys(_complaints(data)))
        models = {str(model.class_info.name): model for model in data.models}
        for key in part.schemas:
            placeholder = self._lowering.placeholders[key]
            if is_model(self._schemas[key]) and placeholder in models:
                self._take_model(key, models[placeholder])
        collections = data.endpoint_collections_by_tag.values()
        endpoints = {str(one.name): one for collection in collections for one in collection.endpoints}
        for name, (method, path, operation) in part.operations.items():
            if name in endpoints:
                self._take_operation(f"{method.upper()} {path}", operation, endpoints[name])

    def raise_for_losses(self) -> None:
        """
        Raises:
            GeneratorError: the parser complained, or something did not arrive.
        """
        if self._complaints:
            keys = self._lowering.schema_keys
            first = _one_line(next(iter(self._complaints)))
            first = re.sub(r"Schema\d+", lambda match: keys.get(match[0], match[0]), first)
            raise GeneratorError(
                f"openapi-python-client would lose part of the document: {first}"
                + (f" (and {len(self._complaints) - 1} more)" if len(self._complaints) > 1 else "")
                + "\n"
                "Correct the document with an overlay so that the parser can read it."
            )
        lost = [*self._missing(), *self._lost]
        if lost:
            raise GeneratorError(
                f"openapi-python-client lost {lost[0]}"
                + (f" and {len(lost) - 1} more" if len(lost) > 1 else "")
                + ".\n"
                "Correct the document with an overlay so that the parser can read it."
            )

    def _missing(self) -> Iterator[str]:
        """What of the whole document is in no part as it was read."""
        for key, schema in self._schemas.items():
            if is_model(schema) and key not in self.models:
                yield f"schema {key}"
        for method, path, operation in operations(self._document):
            if operation["operationId"] not in self.endpoints:
                yield f"{method.upper()} {path}"

    def _take_model(self, key: str, model: ModelProperty) -> None:
        every = (model.required_properties or []) + (model.optional_properties or [])
        arrived = {prop.name.get_untrusted_value(): prop for prop in every}
        missing = []
        for wire, schema in self._schemas[key]["properties"].items():
            prop = arrived.get(lowered_name(wire))
            if prop is None or not _agrees(schema, prop, self._schemas):
                missing.append(wire)
        self._lost += [f"property {wire!r} of schema {key}" for wire in missing]
        self.models[key] = frozenset(self._schemas[key]["properties"]) - frozenset(missing)

    def _take_operation(self, where: str, operation: Mapping[str, Any], endpoint: Endpoint) -> None:
        every = endpoint.iter_all_parameters()
        arrived = {(str(place.value), prop.name.get_untrusted_value()): prop for place, prop in every}
        wires = {}
        for parameter in operation.get("parameters", []):
            place, wire = parameter["in"], parameter["name"]
            prop = arrived.get((place, lowered_name(wire)))
            if prop is None or not _agrees(parameter.get("schema", {}), prop, self._schemas):
                self._lost.append(f"the {place} parameter {wire!r} of {where}")
            wires[place, lowered_name(wire)] = (place, wire)
        if ("requestBody" in operation) != bool(endpoint.bodies):
            self._lost.append(f"the body of {where}")
        statuses = tuple(response.status_code.pattern for response in endpoint.responses)
        self._lost += [
            f"the response {status} of {where}" for status in operation["responses"] if status not in statuses
        ]
        self.endpoints[operation["operationId"]] = Arrived(
            parameters=tuple(wires[one] for one in arrived), bodies=len(endpoint.bodies), responses=statuses
        )


def _complaints(data: GeneratorData) -> Iterator[str]:
    every = [f"{error.header}: {error.detail}" for error in data.errors]
    for collection in data.endpoint_collections_by_tag.values():
        every += [f"{error.header} {error.detail}" for error in collection.parse_errors]
    yield from (_ADDRESS.sub("", text) for text in every)


def _agrees(schema: Schema, prop: PropertyProtocol, schemas: Mapping[str, Schema]) -> bool:
    """Whether the parser read a schema as what it says; what the parser has no word for it reads as anything."""
    key = reference(schema)
    if key is not None:
        return isinstance(prop, ModelProperty) if is_model(schemas[key]) else _agrees(schemas[key], prop, schemas)
    if allows_null(schema):
        return _agrees(without_null(schema), prop, schemas)
    kind = schema.get("type")
    if "anyOf" in schema or "oneOf" in schema or isinstance(kind, list):
        return isinstance(prop, UnionProperty)
    if kind == "string":
        return isinstance(prop, _STRINGS.get(schema.get("format", ""), StringProperty))
    return isinstance(prop, ListProperty if is_map(schema) else _KINDS.get(kind, AnyProperty))


def _one_line(text: str | None) -> str:
    return " ".join((text or "no reason given").split())[:300]
