"""Schemas become classes and aliases: attributes, defaults, secrets, and what derives from what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from attrs import evolve

from generator.document import ALWAYS, BASE, KIND_OF, PUBLISHED_NAME, SECRET
from generator.naming import python_names
from generator.package import Alias, Field, Model, ModelModule
from generator.parse import Parsed
from generator.pytypes import BYTES, FILE, ListOf, ModelType, Nullable, PyType
from generator.refine.text import text
from generator.schema import Schema, is_map, is_model
from generator.typing_rules import type_of

# Names that no attribute of a model can have: what every class body and the base class use.
_RESERVED_ATTRIBUTES = frozenset(
    "cls self classmethod str dict frozenset get from_dict to_dict from_json to_json decode copy evolve".split()
)
_WORD = re.compile(r"'[^']*'|([A-Za-z_][A-Za-z_0-9]*)")  # not those in the texts of a Literal


def model_modules(parsed: Parsed, lazy_lists: set[PyType]) -> tuple[ModelModule, ...]:
    schemas: Mapping[str, Schema] = parsed.document.get("components", {}).get("schemas", {})
    names = {key.rpartition(".")[0] for key in schemas}
    models: dict[str, list[Model]] = defaultdict(list)
    aliases: dict[str, list[Alias]] = defaultdict(list)
    for key, schema in sorted(schemas.items()):
        module, _, name = key.rpartition(".")
        if is_model(schema):
            lazy = ModelType(module, name) in lazy_lists
            models[module].append(_model(parsed, key, schema, lazy=lazy))
        elif is_map(schema):
            aliases[module].append(Alias(module, name, type_of(schema, schemas), text(schema.get("description"))))
    bases = _bases(models, schemas)
    models = defaultdict(list, {name: [_derived(one, bases) for one in members] for name, members in models.items()})
    return tuple(
        ModelModule(name=module, title=module, models=tuple(models[module]), aliases=tuple(aliases[module]))
        for module in sorted(names)
    )


def _bases(models: Mapping[str, list[Model]], schemas: Mapping[str, Schema]) -> list[Model]:
    return [
        one
        for module, members in models.items()
        for one in members
        if schemas[f"{module}.{one.name}"].get(BASE) is True
    ]


def _derived(model: Model, bases: list[Model]) -> Model:
    """The model as a subclass of a base all of whose fields it has."""
    own = {one.wire: (one.name, one.type, one.always) for one in model.fields}
    for base in bases:
        if base is not model and all(own.get(one.wire) == (one.name, one.type, one.always) for one in base.fields):
            return evolve(model, base=ModelType(base.module, base.name))
    return model


def _model(parsed: Parsed, key: str, schema: Schema, *, lazy: bool) -> Model:
    schemas = parsed.document["components"]["schemas"]
    module, _, name = key.rpartition(".")
    properties = {wire: value for wire, value in schema["properties"].items() if wire in parsed.models[key]}
    always = {*schema.get("required", ()), *schema.get(ALWAYS, ())}
    reserved = _RESERVED_ATTRIBUTES | _annotated(properties, module, schemas)
    attribute = python_names(
        sorted(properties), reserved=reserved | {"field"} if always & properties.keys() else reserved
    )
    defaults = _object_identity(schema)
    fields = []
    for wire, value in sorted(properties.items()):
        kind = type_of(value, schemas)
        nullable = isinstance(kind, Nullable)
        kind = kind.inner if isinstance(kind, Nullable) else kind
        kind = FILE if kind == BYTES else kind  # a field of a form: JSON holds no bytes
        if lazy and wire == "items" and isinstance(kind, ListOf):
            kind = ListOf(kind.item, lazy=True)
        fields.append(
            Field(
                name=attribute[wire],
                wire=wire,
                type=kind,
                always=wire in always and not nullable,
                secret=bool(value.get(SECRET)),
                default=defaults.get(wire),
                description=text(value.get("description")),
            )
        )
    published = schema.get(PUBLISHED_NAME, "")
    return Model(module, name, text(published), text(schema.get("description")), tuple(fields))


def _annotated(properties: Mapping[str, Schema], module: str, schemas: Mapping[str, Schema]) -> frozenset[str]:
    """The names in the annotations of a class, which an attribute of it would hide from a type checker."""
    annotations = (type_of(value, schemas).annotation(module) for value in properties.values())
    return frozenset(word for text in annotations for word in _WORD.findall(text) if word)


def _object_identity(schema: Schema) -> dict[str, str]:
    """`kind` and `apiVersion` of a custom resource, which Kubernetes asks for in every body (recording crd-026 ff.)."""
    kinds = schema.get(KIND_OF)
    if not isinstance(kinds, list) or len(kinds) != 1 or not {"kind", "apiVersion"} <= set(schema["properties"]):
        return {}
    (one,) = kinds
    api_version = f"{one['group']}/{one['version']}" if one.get("group") else one["version"]
    return {"apiVersion": ascii(api_version), "kind": ascii(one["kind"])}
