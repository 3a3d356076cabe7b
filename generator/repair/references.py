"""References that lead nowhere, and definitions that say nothing."""

from __future__ import annotations

from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule, components, references_in, replace
from generator.schema import Schema

# Go types that are no structs: go-restful refers to them as if they were and never defines them.
_GO_SCALARS: dict[str, Schema] = {
    "error": {},  # an interface in an unexported field; nothing of it is serialised (KS-0003)
    "inf.Scale": {"type": "integer", "format": "int32"},
    "resource.Scale": {"type": "integer", "format": "int32"},
    "strfmt.Base64": {"type": "string", "format": "byte"},
    "monitoring.Point": {},  # a pair of numbers with an encoding of its own
}


def _mend_dangling(document: Document) -> list[str]:
    known = components(document)
    places = []
    for where, schema, key in references_in(document):
        if key in known:
            continue
        owner, _, _ = key.rpartition(".")
        if key in _GO_SCALARS:
            replace(schema, _GO_SCALARS[key])
        elif owner in known:
            # `Definition.field`: the bytes in a map or a slice, which go-restful takes for a struct of their own.
            replace(schema, {"type": "string", "format": "byte"})
        else:
            continue  # nothing is known of it: validation stops the run and names it
        places.append(where)
    return places


def _inline_empty(document: Document) -> list[str]:
    schemas = components(document)
    empty = {name for name, schema in schemas.items() if not (schema.keys() - {"description", "title"})}
    for _, schema, key in references_in(document):
        if key in empty:
            replace(schema, {})
    for name in empty:
        del schemas[name]
    return sorted(empty)


DANGLING = Rule(
    "dangling-references",
    "references to Go scalars and byte slices that are never defined become what these are on the wire",
    (GO_RESTFUL,),
    _mend_dangling,
)
EMPTY = Rule(
    "empty-definitions",
    "definitions without content stand for interface{}: any JSON value",
    (GO_RESTFUL, KUBE_OPENAPI),
    _inline_empty,
)
