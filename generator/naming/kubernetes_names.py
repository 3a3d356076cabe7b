"""Method names of what Kubernetes serves, in its own terms: `list_namespaced_pipelines`, `get_cluster_status`."""

from __future__ import annotations

from generator.naming.placement import Place
from generator.naming.table import Names
from generator.naming.words import singular, split_words

_VERBS = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}
# Below one namespace these are parts of the namespace itself, everything else is a kind that lives in it.
_OF_A_NAMESPACE = frozenset(("status", "finalize"))
# By the number of segments before: /apis, /apis/<group>, /apis/<group>/<version>. Kubernetes calls these discovery.
_DISCOVERY = {1: "list_api_groups", 2: "get_api_group", 3: "list_api_resources"}


def kubernetes_name(method: str, place: Place, names: Names) -> str | None:
    """The method name of an operation under /api or /apis; None where the path does not say what it is about."""
    verb = _VERBS.get(method, method.lower())
    segments, namespaced = _scope(place.segments)
    if not segments:
        return _discovery(place) if method == "GET" else None
    plural, *rest = segments
    if _is_parameter(plural):
        return f"request_{method.lower()}" if plural == "{path}" and not rest else None
    if plural == "watch" and rest:
        return watch_names(Place(place.attribute, tuple(rest), True, place.depth), names)[
            "list" if len(rest) == 1 else "object"
        ]
    *front, last = split_words(plural, names.words)
    one, many = "_".join((*front, singular(last))), "_".join((*front, last))
    part = "_".join(
        word for segment in rest if not _is_parameter(segment) for word in split_words(segment, names.words)
    )
    if part:
        return f"{verb}_{one}_{part}"
    if rest or method == "POST":
        return f"{verb}_{one}"
    # One letter must not stand between deleting one object and all of them.
    each = {"GET": "list", "DELETE": "delete_all"}.get(method, verb)
    return f"{each}_{'namespaced_' if namespaced else ''}{many}"


def watch_names(place: Place, names: Names) -> dict[str, str]:
    """The methods that watch what a list operation lists: the list itself, and one object of it."""
    segments, namespaced = _scope(place.segments)
    *front, last = split_words(segments[0], names.words) if segments else [""]
    return {
        "list": "_".join(("watch", *(["namespaced"] if namespaced else []), *front, last)),
        "object": "_".join(("watch", *front, singular(last))),
    }


def _scope(segments: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    if segments[:1] == ("namespaces",) and len(segments) > 2 and segments[2] not in _OF_A_NAMESPACE:
        return segments[2:], True
    return segments, False


def _discovery(place: Place) -> str:
    return "list_api_resources" if place.attribute == "kubernetes" and place.depth == 2 else _DISCOVERY[place.depth]


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{")
