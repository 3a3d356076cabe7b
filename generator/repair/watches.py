"""kube-openapi's deprecated watch paths: watching is a property of a list."""

from __future__ import annotations

from generator.document import ONLY_WATCHED, WATCHABLE, operations
from generator.repair.rule import KUBE_OPENAPI, Document, Rule, withdraw

_SEGMENT = "/watch/"


def _fold(document: Document) -> list[str]:
    places = []
    for method, path, operation in list(operations(document)):
        kind = {"watchlist": "list", "watch": "object"}.get(operation.get("x-kubernetes-action", ""))
        if kind is None or _SEGMENT not in path:
            continue
        collection = path.replace(_SEGMENT, "/", 1)
        if kind == "object":
            collection = collection.rpartition("/")[0]
        listing = document["paths"].get(collection, {}).get("get")
        if listing is None:
            continue
        listing.setdefault(WATCHABLE, {})[kind] = True
        listing["parameters"] = [one for one in listing["parameters"] if one["name"] != "watch"]
        reason = f"deprecated by Kubernetes: the list is watched in its place, GET {collection}?watch=true"
        places.append(withdraw(document, method, path, reason))
    return places


def _drop_parameters(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        kept = [one for one in operation.get("parameters", []) if one["name"] not in ONLY_WATCHED]
        if method == "delete" and len(kept) < len(operation.get("parameters", [])):
            operation["parameters"] = kept
            places.append(f"{method.upper()} {path}")
    return places


WATCH_PARAMETERS = Rule(
    "watch-parameters",
    "a delete is no watch: parameters that only a watch heeds are none of its own",
    (KUBE_OPENAPI,),
    _drop_parameters,
)
WATCH_PATHS = Rule(
    "watch-paths",
    "the deprecated /watch/ paths are withdrawn in favour of watching the list",
    (KUBE_OPENAPI,),
    _fold,
)
