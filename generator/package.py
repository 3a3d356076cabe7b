"""What the renderer prints: the client package as frozen values, with every decision taken.

A template may read everything here and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from generator.pytypes import NONE, ListOf, ModelType, PyType, decode_call, json_kind


@frozen
class Field:
    """One attribute of a model."""

    name: str
    wire: str
    type: PyType
    always: bool  # the server always sends it, so it reads as its type and not as `type | None`
    secret: bool
    default: str | None  # what the constructor fills in when it is left out
    description: str


@frozen
class Model:
    """One class of a models module."""

    module: str
    name: str
    published_name: str
    description: str
    fields: tuple[Field, ...]
    base: ModelType | None = None  # the class it derives from, where that is not the runtime's

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.secret)

    def decoded(self, one: Field) -> str:
        """The expression that reads a field out of a JSON object."""
        return decode_call(one.type, self.module, f"get({one.wire!a})")


@frozen
class Alias:
    """A component schema that is no object: a name for another type."""

    module: str
    name: str
    type: PyType
    description: str


@frozen
class ModelModule:
    """One module under `models/`."""

    name: str
    title: str
    models: tuple[Model, ...]
    aliases: tuple[Alias, ...]

    @property
    def exports(self) -> tuple[str, ...]:
        return tuple(sorted([one.name for one in self.models] + [one.name for one in self.aliases]))

    @property
    def imports(self) -> tuple[str, ...]:
        """The other model modules it names."""
        named = {module for kind in self._types() for module in kind.modules()}
        return tuple(sorted(named - {self.name, *self.base_modules}))

    @property
    def base_modules(self) -> tuple[str, ...]:
        """The other model modules whose classes it derives from, which are needed at once."""
        bases = {model.base.module for model in self.models if model.base is not None}
        return tuple(sorted(bases - {self.name}))

    @property
    def runtime_names(self) -> tuple[str, ...]:
        return tuple(sorted({name for kind in self._types() for name in kind.runtime_names()}))

    def _types(self) -> Iterable[PyType]:
        yield from (one.type for model in self.models for one in model.fields)
        yield from (one.type for one in self.aliases)


@frozen
class Argument:
    """One argument of a method."""

    name: str
    wire: str
    type: PyType
    required: bool
    description: str
    unix: int | None = None  # of a Unix time: how many of its units make a second


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


@frozen
class RawMethod:
    """A method that passes requests on as they stand: the operations of one address."""

    name: str
    operations: tuple[Operation, ...]

    @property
    def first(self) -> Operation:
        return self.operations[0]

    @property
    def constant(self) -> str:
        return f"_{self.name.upper()}"


@frozen
class Group:
    """A node of the attribute tree under the client: `ks.iam`, `ks.iam.v1alpha2`, `ks.crd.tenant.v1alpha1`."""

    path: tuple[str, ...]
    class_name: str
    title: str
    operations: tuple[Operation, ...]
    children: tuple[Group, ...] = field(factory=tuple)

    @property
    def attribute(self) -> str:
        return self.path[-1]

    @property
    def module(self) -> str:
        """The module under `operations/` that holds its classes."""
        return "_".join(self.path)

    @property
    def import_module(self) -> str:
        """The module that holds its classes, as Python imports it."""
        return f"kubesphere_client.operations.{self.module}" if self.operations else "kubesphere_client._groups"

    @property
    def typed_operations(self) -> tuple[Operation, ...]:
        return tuple(one for one in self.operations if not one.passthrough)

    @property
    def raw_methods(self) -> tuple[RawMethod, ...]:
        by_name: dict[str, list[Operation]] = {}
        for one in self.operations:
            if one.passthrough:
                by_name.setdefault(one.called, []).append(one)
        return tuple(RawMethod(name, tuple(members)) for name, members in sorted(by_name.items()))

    @property
    def kind_tables(self) -> tuple[tuple[str, tuple[Kind, ...]], ...]:
        """The tables of kinds that its operations share, with the names of their constants."""
        tables = list(dict.fromkeys(one.kinds for one in self.operations if one.kinds))
        return tuple((f"_KINDS_{number}" if number > 1 else "_KINDS", table) for number, table in enumerate(tables, 1))

    def kind_table(self, operation: Operation) -> str:
        """The constant that holds the kinds of an operation."""
        return next(name for name, table in self.kind_tables if table == operation.kinds)

    @property
    def imports(self) -> tuple[str, ...]:
        """The model modules its signatures and decoders name."""
        return tuple(sorted({module for one in self.operations for kind in one.types for module in kind.modules()}))

    @property
    def runtime_names(self) -> tuple[str, ...]:
        paged = {"decode_page" for one in self.operations if one.kinds and one.page_item is not None}
        named = {name for one in self.operations for kind in one.types for name in kind.runtime_names()}
        return tuple(sorted(paged | named))

    def walk(self) -> Iterable[Group]:
        yield self
        for child in self.children:
            yield from child.walk()


@frozen
class Withdrawn:
    """A published operation that the client does not offer, and why."""

    method: str
    path: str
    name: str
    reason: str


@frozen
class Misreported:
    """A kind of refusal whose status says something else than what is meant."""

    status: int
    path: str
    message: str
    means: int


@frozen
class ObjectKind:
    """A kind of Kubernetes objects: where its objects are, and the class that describes them if there is one."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    model: ModelType | None


@frozen
class Package:
    """The whole client."""

    release: str
    version: str
    title: str
    token_path: str | None
    misreported: tuple[Misreported, ...]
    object_kinds: tuple[ObjectKind, ...]
    groups: tuple[Group, ...]
    modules: tuple[ModelModule, ...]
    withdrawn: tuple[Withdrawn, ...]

    def all_groups(self) -> tuple[Group, ...]:
        return tuple(node for group in self.groups for node in group.walk())

    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for group in self.all_groups() for operation in group.operations)

    def exports(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every class name of the models, with the modules that have one of that name."""
        modules: dict[str, list[str]] = {}
        for module in self.modules:
            for name in module.exports:
                modules.setdefault(name, []).append(module.name)
        return tuple((name, tuple(modules[name])) for name in sorted(modules))

    def plain_exports(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """By module, the class names that no other module has."""
        unique = {name for name, modules in self.exports() if len(modules) == 1}
        return tuple(
            (module.name, names)
            for module in self.modules
            if (names := tuple(n for n in module.exports if n in unique))
        )
