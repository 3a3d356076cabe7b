"""Questions about an OpenAPI document that several stages ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Extensions of an operation that decide which methods of the client call it, and how; see refine/operations.py.
VARIANTS = "x-kubesphere-variants"
KINDS = "x-kubesphere-kinds"
PASSTHROUGH = "x-kubesphere-passthrough"
TAIL = "x-kubesphere-tail"  # of a path parameter: it takes the rest of the path, slashes included
KIND_OF = "x-kubernetes-group-version-kind"  # Kubernetes' own: the kind of object that a schema or operation is of

# Where an operation comes from: {source, method, path, operationId}, or an overlay.
PUBLISHED = "x-kubesphere-published"
ADDED = "x-kubesphere-added"
PUBLISHED_NAME = "x-kubesphere-published-name"  # of a schema that has another name now
WITHDRAWN = "x-kubesphere-withdrawn"  # of the document: the published operations that are left out, and why
REPAIRS = "x-kubesphere-repairs"  # of the document: how often each rule was applied

CUSTOM_RESOURCES = "x-kubesphere-custom-resources"  # of the document: the kinds whose operations are made here
ALWAYS = "x-always-serialised"  # of a schema: the properties that the server always sends
SECRET = "x-kubesphere-secret"  # of a property: it is masked when its object is printed

WATCHABLE = "x-kubesphere-watchable"  # of a list: whether it, and one object of it, can be watched
WATCH = "x-kubesphere-watch"  # of a list: the names of the methods that watch it
# The server heeds them where it watches, and nowhere else (k8s.io/apiserver pkg/endpoints/handlers/get.go, ListResource).
ONLY_WATCHED = frozenset(("allowWatchBookmarks", "timeoutSeconds", "watch"))
MISREPORTED = "x-kubesphere-misreported"  # of the document: refusals whose status says something else
BUILT_IN_KINDS = "x-kubesphere-built-in-kinds"  # of the document: what Kubernetes has itself, and where
BASE = "x-kubesphere-base"  # of a schema: each schema with all its properties derives from it
FOLLOWS = "x-kubesphere-follow-redirects"
WEBSOCKET = "x-kubesphere-websocket"  # the operation opens one, which is a pod's terminal
GROWING_LOG = "x-kubesphere-growing-log"  # the answer is a part of a log, and its headers tell where the next begins

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a document as (method, path, operation), in the document's order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def primary_media(content: Mapping[str, Any]) -> str | None:
    """The media type whose schema stands for a content: JSON where it is offered, else the first."""
    for media in content:
        if media.partition(";")[0].strip() == "application/json":
            return media
    return next(iter(content), None)
