"""Python types of the client: how each is written in an annotation, and how a JSON value becomes one.

An annotation and a decoder are always written for one module (`here`): a class of the same module needs no prefix.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from attrs import frozen


class PyType(Protocol):
    """A type as the renderer needs it."""

    def annotation(self, here: str) -> str:
        """The type as written in an annotation of module `here`."""
        ...

    def decoder(self, here: str) -> str | None:
        """An expression for the function that makes the value out of JSON; None where JSON is it already."""
        ...

    def modules(self) -> Iterator[str]:
        """The model modules whose classes the type names."""
        ...

    def runtime_names(self) -> Iterator[str]:
        """The names of the client's own runtime that the type and its decoder use."""
        ...


@frozen
class Plain:
    """A type whose JSON form is its Python form: str, int, float, bool, Any, a Literal."""

    text: str

    def annotation(self, here: str) -> str:
        return self.text

    def decoder(self, here: str) -> str | None:
        return None

    def modules(self) -> Iterator[str]:
        yield from ()

    def runtime_names(self) -> Iterator[str]:
        if self.text in ("File", "IntOrString"):
            yield self.text


@frozen
class Scalar:
    """A small type of the client's runtime that is decoded from text: Timestamp, Quantity."""

    name: str

    def annotation(self, here: str) -> str:
        return self.name

    def decoder(self, here: str) -> str | None:
        return f"{self.name}.decode"

    def modules(self) -> Iterator[str]:
        yield from ()

    def runtime_names(self) -> Iterator[str]:
        yield self.name


@frozen
class ModelType:
    """A generated class."""

    module: str
    name: str

    def annotation(self, here: str) -> str:
        return self.name if self.module == here else f"{self.module}.{self.name}"

    def decoder(self, here: str) -> str | None:
        return f"{self.annotation(here)}.decode"

    def modules(self) -> Iterator[str]:
        yield self.module

    def runtime_names(self) -> Iterator[str]:
        yield from ()


@frozen
class ListOf:
    """A JSON array; `lazy` for the items of a list answer, which are decoded when they are reached."""

    item: PyType
    lazy: bool = False

    def annotation(self, here: str) -> str:
        return f"list[{self.item.annotation(here)}]"

    def decoder(self, here: str) -> str | None:
        return _container_decoder(self._function, self.item, here)

    def modules(self) -> Iterator[str]:
        yield from self.item.modules()

    def runtime_names(self) -> Iterator[str]:
        if self.item.decoder("") is not None:
            yield self._function
        yield from self.item.runtime_names()

    @property
    def _function(self) -> str:
        return "decode_items" if self.lazy else "decode_list"


@frozen
class MapOf:
    """A JSON object whose keys are data."""

    value: PyType

    def annotation(self, here: str) -> str:
        return f"dict[str, {self.value.annotation(here)}]"

    def decoder(self, here: str) -> str | None:
        return _container_decoder("decode_map", self.value, here)

    def modules(self) -> Iterator[str]:
        yield from self.value.modules()

    def runtime_names(self) -> Iterator[str]:
        if self.value.decoder("") is not None:
            yield "decode_map"
        yield from self.value.runtime_names()


@frozen
class TupleOf:
    """A JSON array of a fixed length whose members need no decoding."""

    members: tuple[PyType, ...]

    def annotation(self, here: str) -> str:
        return f"tuple[{', '.join(member.annotation(here) for member in self.members)}]"

    def decoder(self, here: str) -> str | None:
        return "decode_tuple"

    def modules(self) -> Iterator[str]:
        yield from ()

    def runtime_names(self) -> Iterator[str]:
        yield "decode_tuple"


@frozen
class EnvelopeOf:
    """A list's envelope that many lists share, and what its items are in this one."""

    envelope: ModelType
    item: PyType

    def annotation(self, here: str) -> str:
        return self.envelope.annotation(here)

    def decoder(self, here: str) -> str | None:
        item = self.item.decoder(here)
        if item is None:
            return self.envelope.decoder(here)
        return f"lambda value: decode_page({self.envelope.decoder(here)}, {item}, value)"

    def modules(self) -> Iterator[str]:
        yield from self.envelope.modules()
        yield from self.item.modules()

    def runtime_names(self) -> Iterator[str]:
        if self.item.decoder("") is not None:
            yield "decode_page"
        yield from self.item.runtime_names()


@frozen
class Tagged:
    """One of several classes; a member of the JSON object, such as `kind`, says which."""

    tag: str
    variants: tuple[tuple[str, PyType], ...]

    def annotation(self, here: str) -> str:
        return " | ".join(dict.fromkeys(kind.annotation(here) for _, kind in self.variants))

    def decoder(self, here: str) -> str | None:
        return f"lambda value: {self.call(here, 'value')}"

    def call(self, here: str, value: str) -> str:
        """An expression that decodes the expression `value`."""
        table = ", ".join(f"{tag!a}: {kind.decoder(here)}" for tag, kind in self.variants)
        return f"decode_tagged({self.tag!a}, {{{table}}}, {value})"

    def modules(self) -> Iterator[str]:
        for _, kind in self.variants:
            yield from kind.modules()

    def runtime_names(self) -> Iterator[str]:
        yield "decode_tagged"
        for _, kind in self.variants:
            yield from kind.runtime_names()


@frozen
class Nullable:
    """A type whose value may be null where a container holds it."""

    inner: PyType

    def annotation(self, here: str) -> str:
        text = self.inner.annotation(here)
        return text if text == "Any" else f"{text} | None"

    def decoder(self, here: str) -> str | None:
        return self.inner.decoder(here)

    def modules(self) -> Iterator[str]:
        yield from self.inner.modules()

    def runtime_names(self) -> Iterator[str]:
        yield from self.inner.runtime_names()


@frozen
class Union:
    """One of several types of which at most one needs decoding; decoders leave what is not theirs as it came."""

    variants: tuple[PyType, ...]

    def annotation(self, here: str) -> str:
        return " | ".join(dict.fromkeys(variant.annotation(here) for variant in self.variants))

    def decoder(self, here: str) -> str | None:
        return next((text for text in (variant.decoder(here) for variant in self.variants) if text is not None), None)

    def modules(self) -> Iterator[str]:
        for variant in self.variants:
            yield from variant.modules()

    def runtime_names(self) -> Iterator[str]:
        for variant in self.variants:
            yield from variant.runtime_names()


ANY = Plain("Any")
STR = Plain("str")
BYTES = Plain("bytes")
FILE = Plain("File")
NONE = Plain("None")
RESPONSE = Plain("Response")


def union_of(variants: tuple[PyType, ...]) -> PyType:
    """The union of some types; Any where JSON alone cannot tell which of two classes a value is."""
    distinct = tuple(dict.fromkeys(variants))
    if len(distinct) == 1:
        return distinct[0]
    decoded = sum(variant.decoder("") is not None for variant in distinct)
    return ANY if decoded > 1 or ANY in distinct else Union(distinct)


def _container_decoder(function: str, item: PyType, here: str) -> str | None:
    decoder = item.decoder(here)
    return None if decoder is None else f"lambda value: {function}({decoder}, value)"
