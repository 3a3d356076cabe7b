"""The models of the package, and the modules that they are in."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from generator.decoding import decode_member
from generator.pytypes import ModelType, Nullable, PyType


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

    def annotation(self, here: str) -> str:
        return self.type.annotation(here) if self.always else Nullable(self.type).annotation(here)


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
        return decode_member(one.type, self.module, f"get({one.wire!a})")


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
    def secrets(self) -> bool:
        """Whether one of its classes has a secret."""
        return any(one.secrets for one in self.models)

    @property
    def runtime_names(self) -> tuple[str, ...]:
        return tuple(sorted({name for kind in self._types() for name in kind.runtime_names()}))

    def _types(self) -> Iterable[PyType]:
        yield from (one.type for model in self.models for one in model.fields)
        yield from (one.type for one in self.aliases)
