"""attrs classes that are cheap to import: attrs writes its part of a class when that part is first asked for.

`attrs.define` takes up to half a millisecond for a class, most of it to compile an `__init__`; a module of models has
hundreds, of which a program makes a few. So `define` here makes the class with its slots and leaves the rest to attrs: the
first object that is made by the constructor, or the first look at the fields (`attrs.fields`, `asdict`, `evolve`, cattrs,
`inspect.signature`), has attrs add `__init__` and `__attrs_attrs__` to the class. Objects that are decoded need neither.
The 248 classes of Kubernetes take 13 ms in place of 98.

To type checkers and readers it is `attrs.define`.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import inspect

    from attrs import define as define
    from attrs import field as field

__all__ = ["Signature", "define", "field"]

C = TypeVar("C", bound=type)
_LOCK = RLock()


class _Field(dict[str, Any]):
    """What `attrs.field` is told about a field."""


class _Unwritten:
    """Stands for `__attrs_attrs__` until attrs has written it.

    Args:
        fields: what the source of the class says of each field: its default, or all that `attrs.field` is to be told.
        settings: what `attrs.define` is to be told.
    """

    def __init__(self, fields: dict[str, Any], settings: dict[str, Any]) -> None:
        self._fields = fields
        self._settings = settings
        self._done = False

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner = owner

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self.written().__attrs_attrs__

    def written(self) -> Any:
        """The class, with attrs' part of it."""
        import attrs

        made: Any = self._owner
        with _LOCK:
            if not self._done:  # or not wholly, where an interrupt (Ctrl-C) came between
                fields = {
                    name: attrs.field(**value) if isinstance(value, _Field) else attrs.field(default=value)
                    for name, value in self._fields.items()
                }
                # The slots are there. `eq` is as `Model` has it; without `init` ours would be kept as the class's own.
                attrs.define(made, these=fields, slots=False, eq=False, init=True, **self._settings)
                self._done = True
        return made


class Signature:
    """The `__signature__` of a class, which `__init__` has once attrs has written it."""

    def __get__(self, instance: Any, owner: Any) -> inspect.Signature:
        import inspect

        owner.__attrs_attrs__  # noqa: B018  # has attrs write it
        signature = inspect.signature(owner.__init__)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _define(**settings: Any) -> Callable[[C], C]:
    def make(source: C) -> C:
        body = {name: value for name, value in vars(source).items() if name not in ("__dict__", "__weakref__")}
        fields = {name: body.pop(name) for name in source.__annotations__ if not name.startswith("__")}
        inherited = {slot for base in source.__mro__[1:] for slot in vars(base).get("__slots__", ())}
        unwritten = _Unwritten(fields, settings)

        def __init__(self: Any, /, *arguments: Any, **values: Any) -> None:
            unwritten.written().__init__(self, *arguments, **values)

        body["__slots__"] = tuple(name for name in (*fields, "__weakref__") if name not in inherited)
        body["__attrs_attrs__"] = unwritten
        body["__init__"] = __init__
        made: Any = type(source)(source.__name__, source.__bases__, body)
        defined: C = made
        return defined

    return make


if not TYPE_CHECKING:
    define, field = _define, _Field
