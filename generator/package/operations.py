"""The operations of the package, and the methods that call them."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from generator.decoding import json_kind
from generator.pytypes import NONE, ListOf, Nullable, PyType


@frozen
class Argument:
    """One argument of a method."""

    name: str
    wire: str
    type: PyType
    required: bool
    description: str
    unix: int | None = None  # of a Unix time: how many of its units make a second

    @property
    def annotation(self) -> str:
        """Its type in a signature: None stands for an argument that is left out."""
        return self.type.annotation("") if self.required else Nullable(self.type).annotation("")


@frozen
class Body:
    """The request body of an operation."""

    type: PyType
    required: bool
    media: tuple[str, ...]
    description: str
    files: tuple[str, ...] = ()  # the fields of a form that are files

    @property
    def kind(self) -> str | None:
        """What a client must be given: an object, a list of objects, any list; None where that is left open."""
        kind = json_kind(self.type)
        objects = isinstance(self.type, ListOf) and json_kind(self.type.item) == "object"
        return "objects" if objects else kind


@frozen
class Response:
    """A success that an operation declares."""

    status: int
    type: PyType


@frozen
class Kind:
    """A kind of object that a generic operation serves, by the name that the server knows it by."""

    name: str
    type: PyType


@frozen
class Watch:
    """The methods that an operation's list can be watched with."""

    list_method: str | None
    object_method: str | None
    item: PyType
    query: tuple[Argument, ...]

    def keywords(self, one: bool) -> tuple[Argument, ...]:
        """The keyword arguments of its methods; watching one object takes its name in place of a field selector."""
        return tuple(argument for argument in self.query if not (one and argument.wire == "fieldSelector"))


@frozen
class Operation:
    """One operation, and the method that calls it."""

    group: str
    name: str
    method: str
    path: str
    published: str | None  # method and path in the published file; None for one that an overlay added
    summary: str
    description: str
    deprecated: bool
    authenticated: bool
    path_arguments: tuple[Argument, ...]
    tail: tuple[str, ...]
    query: tuple[Argument, ...]
    joined: tuple[tuple[str, str], ...]
    headers: tuple[Argument, ...]
    body: Body | None
    responses: tuple[Response, ...]
    errors: tuple[tuple[str, str], ...]
    reads: str
    returns: PyType
    page_item: PyType | None
    paging: str | None
    watch: Watch | None
    called: str  # its method in the client, which operations of one address may share
    passthrough: bool = False
    follows: bool = False
    websocket: bool = False
    growing_log: bool = False
    kinds: tuple[Kind, ...] = ()
    kind_argument: str = ""
    fixed: tuple[tuple[str, str], ...] = ()  # query parameters that make a variant of an operation, as Python literals
    variant_of: str | None = None
    get: str | None = None  # of a DELETE: the operation that gets the object, and so tells when it is gone

    @property
    def get_constant(self) -> str | None:
        return None if self.get is None else f"_{self.get.upper()}"

    @property
    def constant(self) -> str:
        return f"_{self.name.upper()}"

    @property
    def identifier(self) -> str:
        return f"{self.group}.{self.name}"

    @property
    def keywords(self) -> tuple[Argument, ...]:
        """Its keyword arguments, those that must be given first."""
        every = (*self.query, *self.headers)
        return tuple(sorted(every, key=lambda argument: not argument.required))

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the client that call it."""
        watch = () if self.watch is None else (self.watch.list_method, self.watch.object_method)
        return (self.called, *(name for name in (*watch, self.follow_method) if name is not None))

    @property
    def follow_method(self) -> str | None:
        """The method that reads a log while it grows, beside the one that gets a part of it."""
        return f"follow_{self.name.removeprefix('get_')}" if self.growing_log else None

    @property
    def unix(self) -> tuple[tuple[str, int], ...]:
        """Its query parameters that are Unix times, with how many of their units make a second."""
        return tuple((one.wire, one.unix) for one in self.query if one.unix is not None)

    @property
    def answers(self) -> str | None:
        """What the JSON of every success must be: an object or a list; None where that is left open."""
        kinds = {json_kind(one.type) for one in self.responses if one.type != NONE}
        return next(iter(kinds)) if self.reads == "json" and len(kinds) == 1 else None

    @property
    def content_types(self) -> tuple[str, ...]:
        """The media types that a caller can choose from; none where there is no choice."""
        return self.body.media if self.body is not None and len(self.body.media) > 1 else ()

    @property
    def query_class(self) -> str:
        """The keyword arguments of an operation with overloads as a class of their own."""
        return "".join(part.capitalize() for part in self.name.split("_")) + "Query"

    @property
    def types(self) -> Iterable[PyType]:
        yield self.returns
        yield from (response.type for response in self.responses)
        yield from (argument.type for argument in (*self.path_arguments, *self.query, *self.headers))
        if self.body is not None:
            yield self.body.type
        if self.page_item is not None:
            yield self.page_item
        if self.watch is not None:
            yield self.watch.item
        yield from (kind.type for kind in self.kinds)
