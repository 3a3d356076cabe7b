"""The metadata that every Kubernetes object has."""

from __future__ import annotations

from generator.document import ALWAYS
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule, components
from generator.schema import Schema, reference


def _state_presence(document: Document) -> list[str]:
    places = []
    for name, schema in components(document).items():
        properties = schema.get("properties", {})
        metadata = (reference(properties.get("metadata", {})) or "").rpartition(".")[2]
        if metadata == "ObjectMeta" and {"apiVersion", "kind"} <= properties.keys():
            # A struct that is no pointer is always written in Go, whatever its tag says.
            always = "metadata"
        elif name.rpartition(".")[2] == "ObjectMeta" and "name" in properties:
            always = "name"
        else:
            continue
        _add(schema, always)
        places.append(name)
    return places


def _add(schema: Schema, name: str) -> None:
    schema[ALWAYS] = sorted({*schema.get(ALWAYS, ()), name})


OBJECT_METADATA = Rule(
    "object-metadata",
    "every object that the server sends has metadata, and a name in it",
    (GO_RESTFUL, KUBE_OPENAPI),
    _state_presence,
)
