"""Media types that are none, encodings the client does not speak, and responses that repeat or say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.document import operations
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule

_JSON = "application/json"


def _contents(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever of an operation has a content: its body and its responses."""
    for method, path, operation in operations(document):
        where = f"{method.upper()} {path}"
        if "requestBody" in operation:
            yield where, operation["requestBody"]
        for response in operation["responses"].values():
            yield where, response


def _drop_invalid(document: Document) -> list[str]:
    return _keep_media(document, lambda media: "/" in media)


def _drop_binary(document: Document) -> list[str]:
    return _keep_media(document, lambda media: "protobuf" not in media and "stream=watch" not in media)


def _keep_media(document: Document, wanted: Any) -> list[str]:
    places = []
    for where, holder in _contents(document):
        content = holder.get("content", {})
        unwanted = [media for media in content if not wanted(media)]
        kept = {media: value for media, value in content.items() if wanted(media)}
        if unwanted:
            holder["content"] = kept or {_JSON: next(iter(content.values()))}
        produces = holder.get("x-produces", [])
        if any(not wanted(media) for media in produces):
            holder["x-produces"] = [media for media in produces if wanted(media)] or [_JSON]
            unwanted += produces
        if unwanted:
            places.append(where)
    return places


def _name_body(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "*/*" in content:
            schema = content.pop("*/*")
            content.setdefault(_JSON, schema)
            places.append(f"{method.upper()} {path}")
    return places


def _drop_repeated_default(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        responses = operation["responses"]
        default = responses.get("default")
        successes = [one for status, one in responses.items() if status.startswith("2")]
        if default is not None and any(default.get("content") == one.get("content") for one in successes):
            del responses["default"]
            places.append(f"{method.upper()} {path}")
    return places


def _state_content(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            produces = response.pop("x-produces", None)
            if produces is None or not status.startswith("2") or status == "204":
                continue
            text = next((media for media in produces if media.startswith("text/")), None)
            response["content"] = {text: {"schema": {"type": "string"}}} if text else {produces[0]: {"schema": {}}}
            places.append(f"{method.upper()} {path} {status}")
    return places


NOT_MEDIA_TYPES = Rule(
    "media-types",
    '"charset=utf-8" is a parameter of a media type and none itself',
    (GO_RESTFUL, KUBE_OPENAPI),
    _drop_invalid,
)
BINARY_ENCODINGS = Rule(
    "protobuf-and-streams",
    "protobuf, and the media types of watches, are offered beside JSON for clients that speak them",
    (GO_RESTFUL, KUBE_OPENAPI),
    _drop_binary,
)
ANY_BODY = Rule(
    "any-body",
    'a body of "*/*" is sent as JSON',
    (GO_RESTFUL, KUBE_OPENAPI),
    _name_body,
)
REPEATED_DEFAULT = Rule(
    "repeated-default",
    "a default response that repeats the success is no description of an error",
    (GO_RESTFUL, KUBE_OPENAPI),
    _drop_repeated_default,
)
NO_SCHEMA = Rule(
    "no-response-schema",
    "a success without a schema is text where the operation produces text, else any JSON: unknown is not nothing",
    (GO_RESTFUL, KUBE_OPENAPI),
    _state_content,
)
