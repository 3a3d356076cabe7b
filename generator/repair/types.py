"""Definitions without a type, and Go types that are described by their insides instead of by what they send."""

from __future__ import annotations

import copy

from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule, components, references_in, schemas_of
from generator.schema import Schema

_QUANTITY: Schema = {
    "type": "string",
    "format": "quantity",
    "description": "A number with a unit as Kubernetes writes it, such as 500m or 2Gi.",
}
# What encodes itself; by the last two parts of the name, which both writers' names end in.
_ON_THE_WIRE: dict[str, Schema] = {
    "resource.Quantity": _QUANTITY,
    "intstr.IntOrString": {"type": ["integer", "string"], "format": "int-or-string"},
    "runtime.RawExtension": {"type": "object", "additionalProperties": True},
    "v1.Time": {"type": ["string", "null"], "format": "date-time"},  # null where it was never set
    "v1.MicroTime": {"type": ["string", "null"], "format": "date-time"},
    "v1.FieldsV1": {"type": "object", "additionalProperties": True},
}
# Parts of Quantity that Go does not export and never sends.
_INTERNALS = ("inf.Dec", "big.Int", "big.Word", "resource.infDecAmount", "resource.int64Amount")


def _scalars(document: Document) -> list[str]:
    places = []
    for name, schema in components(document).items():
        short = ".".join(name.split(".")[-2:])
        wire = _ON_THE_WIRE.get(short)
        # `v1.Time` may be another writer's own type: it is Kubernetes' only where it says nothing or a bare string.
        if wire is None or (short.startswith("v1.") and schema.get("properties")):
            continue
        described = {"description": schema["description"]} if "description" in schema else {}
        schema.clear()
        schema.update({**copy.deepcopy(wire), **described})  # an overlay may extend one of them
        places.append(name)
    return places


def _drop_internals(document: Document) -> list[str]:
    schemas = components(document)
    dropped: list[str] = []
    while True:
        used = {
            key
            for where, _, key in references_in(document)
            if not where.startswith(tuple(f"schema {n}" for n in _INTERNALS))
        }
        unused = [name for name in _INTERNALS if name in schemas and name not in used]
        if not unused:
            return dropped
        for name in unused:
            del schemas[name]
        dropped += unused


def _state_types(document: Document) -> list[str]:
    places = []
    for where, schema in schemas_of(document):
        if "type" in schema or "$ref" in schema:
            continue
        if "properties" in schema or "additionalProperties" in schema:
            schema["type"] = "object"
        elif "items" in schema:
            schema["type"] = "array"
        else:
            continue
        places.append(where)
    return places


KUBERNETES_SCALARS = Rule(
    "self-encoding-types",
    "Quantity, IntOrString, Time, RawExtension and FieldsV1 are what they send, not what they are made of",
    (GO_RESTFUL, KUBE_OPENAPI),
    _scalars,
)
GO_INTERNALS = Rule(
    "go-internals",
    "the unexported insides of Quantity are no part of the API",
    (GO_RESTFUL,),
    _drop_internals,
)
UNTYPED = Rule(
    "untyped-definitions",
    "a schema with properties is an object, one with items an array",
    (GO_RESTFUL, KUBE_OPENAPI),
    _state_types,
)
