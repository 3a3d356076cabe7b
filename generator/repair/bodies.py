"""Patches without a type, and fields that are required of a request though only responses always have them."""

from __future__ import annotations

from generator.document import ALWAYS, operations
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule, components
from generator.schema import is_model, reachable

_APPLY = "application/apply-patch+yaml"
_STRATEGIC = "application/strategic-merge-patch+json"
_PATCH_ORDER = ("application/merge-patch+json", "application/json-patch+json", _STRATEGIC)


def in_requests(document: Document) -> set[str]:
    """The schemas that a request may hold."""
    bodies = [operation.get("requestBody", {}) for _, _, operation in operations(document)]
    return reachable(bodies, components(document))


def _open_patches(document: Document) -> list[str]:
    places = []
    for name, schema in components(document).items():
        if name.endswith(".Patch") and not is_model(schema):
            description = schema.get("description", "")
            schema.clear()
            schema["description"] = description or "A merge patch (an object) or a JSON patch (an array)."
            places.append(name)
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        first = [media for media in _PATCH_ORDER if media in content]
        if method == "patch" and first and next(iter(content)) != first[0]:
            operation["requestBody"]["content"] = {
                media: content[media] for media in [*first, *(m for m in content if m not in first)]
            }
            places.append(f"PATCH {path}")
    return places


def _drop_strategic(document: Document) -> list[str]:
    """A strategic merge patch needs the Go type of what it changes; kube-apiserver has none of a custom resource."""
    places = []
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if method == "patch" and content.pop(_STRATEGIC, None) is not None:
            places.append(f"PATCH {path}")
    return places


def _may_create(document: Document) -> list[str]:
    """An apply patch creates the object where there is none (recording crd-052-cluster-patch-apply)."""
    places = []
    for method, path, operation in operations(document):
        content, responses = operation.get("requestBody", {}).get("content", {}), operation["responses"]
        if method == "patch" and _APPLY in content and "200" in responses and "201" not in responses:
            operation["responses"] = {"200": responses["200"], "201": responses["200"], **responses}
            places.append(f"PATCH {path}")
    return places


def _free_requests(document: Document) -> list[str]:
    """go-restful writes `required` for Go fields without omitempty: those a response always has.

    The server's decoder asks for none of them in a request (evidence/true_types.json, `x-always-serialised`).
    """
    sent = in_requests(document)
    places = []
    for name, schema in components(document).items():
        required = schema.get("required")
        if not required:
            continue
        schema[ALWAYS] = sorted({*required, *schema.get(ALWAYS, ())})
        if name in sent:
            del schema["required"]
            places.append(name)
    return places


UNTYPED_PATCH = Rule(
    "untyped-patch",
    "a patch is an object or an array of its media type, merge patch first",
    (KUBE_OPENAPI,),
    _open_patches,
)
CUSTOM_RESOURCE_PATCH = Rule(
    "custom-resource-patch",
    "custom resources take no strategic merge patch: 415 (evidence/server.md §4)",
    (KUBE_OPENAPI,),
    _drop_strategic,
)
APPLY_CREATES = Rule(
    "apply-creates",
    "an apply patch of an object that is not there creates it: 201",
    (KUBE_OPENAPI,),
    _may_create,
)
RESPONSE_ONLY_REQUIRED = Rule(
    "required-in-responses",
    "fields that every response has are not required of a request",
    (GO_RESTFUL,),
    _free_requests,
)
