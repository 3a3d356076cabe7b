"""The kinds of Kubernetes objects that are known by name: what Kubernetes has itself, and the custom resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import BUILT_IN_KINDS, KIND_OF
from generator.errors import GeneratorError
from generator.package import ObjectKind
from generator.pytypes import ModelType
from generator.schema import reference

_OBJECT = re.compile(
    r"/apis/(?P<api_version>[^/{}]+/[^/{}]+)/(?P<namespaced>namespaces/\{namespace\}/)?(?P<plural>[^/{}]+)/\{name\}"
)
# The module of the models of Kubernetes' own types, whatever their version.
_BUILT_IN_MODELS = "kubernetes"


def object_kinds(document: Mapping[str, Any]) -> tuple[ObjectKind, ...]:
    """Every kind whose address is known.

    Raises:
        GeneratorError: a kind is described twice, at two addresses.
    """
    known: dict[tuple[str, str], ObjectKind] = {}
    for one in (*_built_in(document), *_custom(document)):
        if known.setdefault((one.api_version, one.kind), one) != one:
            raise GeneratorError(
                f"{one.api_version} {one.kind} is at two addresses.\nCorrect the overlay that describes its kind."
            )
    return tuple(known[key] for key in sorted(known))


def _built_in(document: Mapping[str, Any]) -> Iterator[ObjectKind]:
    schemas = document.get("components", {}).get("schemas", {})
    for one in document.get(BUILT_IN_KINDS, ()):
        described = f"{_BUILT_IN_MODELS}.{one['kind']}" in schemas
        model = ModelType(_BUILT_IN_MODELS, one["kind"]) if described else None
        yield ObjectKind(one["apiVersion"], one["kind"], one["plural"], one["namespaced"], model)


def _custom(document: Mapping[str, Any]) -> Iterator[ObjectKind]:
    for path, item in document["paths"].items():
        match = _OBJECT.fullmatch(path)
        kind = item.get("get", {}).get(KIND_OF) if match else None
        if match is None or kind is None:
            continue
        content = item["get"]["responses"].get("200", {}).get("content", {})
        module, _, name = (reference(content.get("application/json", {}).get("schema", {})) or "").rpartition(".")
        yield ObjectKind(
            match["api_version"],
            kind["kind"],
            match["plural"],
            match["namespaced"] is not None,
            ModelType(module, name) if name else None,
        )
