"""The attribute tree under the client: the groups that hold the methods."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from generator.package.operations import Kind, Operation


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
    def viewed_operations(self) -> tuple[Operation, ...]:
        """Those that `with_raw_response` offers: a WebSocket has no response to give."""
        return tuple(one for one in self.typed_operations if not one.websocket)

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
