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


class _Part:
    """attrs' part of a class.

    Args:
        fields: what the source of the class says of each field: its default, or all that `attrs.field` is to be told.
        settings: what `attrs.define` is to be told.
    """

    made: Any

    def __init__(self, fields: dict[str, Any], settings: dict[str, Any]) -> None:
        self._fields = fields
        self._settings = settings
        self._written = False

    def write(self) -> None:
        import attrs

        with _LOCK:
            if not self._written:  # or not wholly, where an interrupt (Ctrl-C) came between
                fields = {
                    name: attrs.field(**value) if isinstance(value, _Field) else attrs.field(default=value)
                    for name, value in self._fields.items()
                }
                # The slots are there. `eq` is as `Model` has it; without `init` ours would be kept as the class's own.
                attrs.define(self.made, these=fields, slots=False, eq=False, init=True, **self._settings)
                self._written = True


class _Unwritten:
    """Stands for an attribute of a class until attrs has written it.

    A function in place of `__init__` would keep what the constructor is given, a password say, in a frame that a
    traceback with locals shows.
    """

    def __init__(self, part: _Part) -> None:
        self._part = part

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        self._part.write()
        written = vars(self._part.made)[self._name]
        return written.__get__(instance, owner) if self._name == "__init__" else written


class Signature:
    """The `__signature__` of a class, which is that of its `__init__`."""

    def __get__(self, instance: Any, owner: Any) -> inspect.Signature:
        import inspect

        signature = inspect.signature(owner.__init__)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _define(**settings: Any) -> Callable[[C], C]:
    def make(source: C) -> C:
        body = {name: value for name, value in vars(source).items() if name not in ("__dict__", "__weakref__")}
        fields = {name: body.pop(name) for name in source.__annotations__ if not name.startswith("__")}
        inherited = {slot for base in source.__mro__[1:] for slot in vars(base).get("__slots__", ())}
        part = _Part(fields, settings)
        body["__slots__"] = tuple(name for name in (*fields, "__weakref__") if name not in inherited)
        body |= {"__attrs_attrs__": _Unwritten(part), "__init__": _Unwritten(part)}
        part.made = type(source)(source.__name__, source.__bases__, body)
        made: C = part.made
        return made

    return make


if not TYPE_CHECKING:
    define, field = _define, _Field
