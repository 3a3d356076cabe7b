"""Which operation of the client a request is: path templates, matched as the server routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from attrs import field, frozen

from generator.document import METHODS, PASSTHROUGH, operations
from generator.errors import GeneratorError
from generator.naming.placement import place
from generator.refine.variants import FIXED, variants

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_OLD_WATCH = re.compile(r"(?P<api>/apis/[^/]+/[^/]+|/api/[^/]+)/watch(?P<rest>/.+)")
_NOT_IN_ADDRESS = re.compile(r"[#\x00-\x1f\x7f]")
_LONGEST_PART = 65_000  # httpx takes a path or a query of 65,536 characters, with the server's address
_CLUSTER_PREFIX = re.compile(r"/(?P<root>k?apis?)/clusters/(?P<cluster>[^/]+)(?=/|\Z)")


@frozen
class Template:
    """An operation of the document.

    Attributes:
        identifier: where it lives on a client, such as "iam.v1alpha2.list_users".
        described: the operation as the document has it.
    """

    identifier: str
    method: str
    path: str
    described: Mapping[str, Any] = field(repr=False)

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    @property
    def watches(self) -> Mapping[str, str]:
        """The watch methods of a list: "list" and "object" with their names."""
        names: Mapping[str, str] = self.described.get("x-kubesphere-watch", {})
        return names

    @property
    def unasked(self) -> Mapping[str, str]:
        """The query parameters that must be given and have one value, which the client sends without asking."""
        enums = {
            one["name"]: one["schema"].get("enum", ())
            for one in self.parameters("query").values()
            if one.get("required")
        }
        return {name: str(enum[0]) for name, enum in enums.items() if len(enum) == 1}

    @property
    def passes_on(self) -> bool:
        """Whether the method takes any request and gives the response as it came."""
        return bool(self.described.get(PASSTHROUGH))

    @property
    def variants(self) -> Iterator[tuple[Template, Mapping[str, Any]]]:
        """The methods that one query value makes of the operation, each with what it always sends."""
        for one in variants(self.described):
            yield Template(one["operationId"], self.method, self.path, one), one[FIXED]

    def parameters(self, place: str) -> dict[str, Mapping[str, Any]]:
        return {one["name"]: one for one in self.described.get("parameters", ()) if one["in"] == place}

    @property
    def specific(self) -> tuple[int, tuple[int, ...]]:
        """How specific the template is: literal segments win over parameters, the leftmost first where all else is
        equal."""
        literal = tuple(int(not one.startswith("{")) for one in self.segments)
        return sum(literal), literal


@frozen
class Found:
    """An operation, and what the segments of a path stand for in it; the values are percent-decoded."""

    template: Template
    values: Mapping[str, bytes]


@frozen
class OldWatch:
    """A list that is watched by a deprecated /watch/ path; `name` is the one object that is watched, if it is one."""

    found: Found
    name: bytes | None


class Routes:
    """All operations of a document.

    Args:
        document: the corrected OpenAPI document that the client was made from.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._templates = [
            Template(described["operationId"], method.upper(), path, described)
            for method, path, described in operations(document)
        ]

    def find(self, method: str, path: str) -> Found | None:
        """The operation that the server would choose for a path, which is as it goes over the wire."""
        segments = decoded_segments(path)
        candidates = [
            Found(template, values)
            for template in self._templates
            if template.method == method and (values := _match(template, segments)) is not None
        ]
        return max(candidates, key=lambda one: one.template.specific, default=None)

    def knows_only_parent(self, path: str) -> bool:
        """Whether the object above a path can be read, and nothing can be done at the path itself."""
        parent = self.find("GET", path.rstrip("/").rpartition("/")[0])
        is_object = parent is not None and parent.template.segments[-1].startswith("{")
        return is_object and not any(self.find(method.upper(), path) for method in METHODS)

    def old_watch(self, method: str, path: str) -> OldWatch | None:
        """The list that a deprecated /watch/ path watches."""
        match = _OLD_WATCH.fullmatch(path.rstrip("/"))
        if match is None:
            return None
        collection = match["api"] + match["rest"]
        found = self.find(method, collection)
        if found is not None and found.template.watches:
            return OldWatch(found, None)
        collection, _, name = collection.rpartition("/")
        found = self.find(method, collection)
        if found is not None and found.template.watches:
            return OldWatch(found, decoded_segments(name)[0])
        return None


def decoded_segments(path: str) -> tuple[bytes, ...]:
    """The segments of a path, percent-decoded one by one; a slash at the end is none.

    A percent sign that escapes nothing stays apart from one that is escaped: no UTF-8 text holds 0xFF.
    """
    marked = _STRAY_PERCENT.sub("%FF%25", path.removeprefix("/").removesuffix("/"))
    return tuple(unquote_to_bytes(segment) for segment in marked.split("/"))


def fault_of(target: str) -> str | None:
    """Why no request can be sent to an address as it stands, if so."""
    if _STRAY_PERCENT.search(target):
        return "an address that is not percent-encoding"
    if _NOT_IN_ADDRESS.search(target):
        return "an address that holds what no address can hold"
    longest = max(map(len, target.partition("?")))
    return "an address that is longer than httpx takes" if longest > _LONGEST_PART else None


def has_steps(path: str) -> bool:
    """Whether a path leads elsewhere, as the server looks for steps after decoding (recording odd-009)."""
    return not {b".", b".."}.isdisjoint(part for one in decoded_segments(path) for part in one.split(b"/"))


def member_of(path: str) -> tuple[str, str] | None:
    """The member cluster that a path is meant for, and the path there; None where it is meant for the host.

    The prefix comes after the API's root (evidence/server.md §7).
    """
    match = _CLUSTER_PREFIX.match(path)
    return None if match is None else (match["cluster"], f"/{match['root']}{path[match.end() :]}")


def attribute_of(path: str) -> str:
    """Where in the client the operations of a path would be, such as "iam.v1alpha2"; "" where they have no place."""
    literal = re.sub(r"[^A-Za-z0-9./_~-]", "-", path)
    front = "/".join(segment.strip("._~-") or "x" for segment in literal.strip("/").split("/")[:4])
    try:
        return place(f"/{front}").attribute
    except GeneratorError:
        return ""


def _match(template: Template, segments: Sequence[bytes]) -> dict[str, bytes] | None:
    expected = template.segments
    tails = [name for name, one in template.parameters("path").items() if one.get("x-kubesphere-tail")]
    if tails and expected[-1] == f"{{{tails[0]}}}" and len(segments) > len(expected):
        rest = segments[len(expected) - 1 :]
        # A slash that was escaped within the tail cannot be told from one that was not.
        segments = (*segments[: len(expected) - 1], b"\xff" if any(b"/" in one for one in rest) else b"/".join(rest))
    if len(segments) != len(expected):
        return None
    values: dict[str, bytes] = {}
    for wanted, segment in zip(expected, segments, strict=True):
        if wanted.startswith("{"):
            values[wanted[1:-1]] = segment
        elif wanted.encode() != segment:
            return None
    return values


def query_pairs(query: str) -> Iterator[tuple[bytes, bytes]]:
    """The names and values of a query, decoded; a plus sign is a space, as the server has it."""
    for part in query.split("&"):
        if part:
            name, _, value = _STRAY_PERCENT.sub("%FF%25", part.replace("+", " ")).partition("=")
            yield unquote_to_bytes(name), unquote_to_bytes(value)
