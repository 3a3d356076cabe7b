"""attrs classes that are cheap to import: attrs writes its part of a class when that part is first asked for.

`attrs.define` takes up to half a millisecond for a class, most of it to compile an `__init__`; a module of models has
hundreds, of which a program makes a few. So `define` here makes the class with its slots and leaves the rest to attrs: the
first object that is made by the constructor, or the first look at the fields (`attrs.fields`, `asdict`, `evolve`, cattrs,
`inspect.signature`), has attrs define a twin, whose `__init__` and `__attrs_attrs__` the class takes over. Objects that are
decoded need neither. The 248 classes of Kubernetes take 13 ms in place of 98.

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
# `__attrs_props__` is what `attrs.inspect` gives, since attrs 25.4.
_WRITTEN = {"__init__", "__attrs_attrs__", "__attrs_props__"}


class _Field:
    """What `attrs.field` is told about a field."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings


class _Unwritten:
    """Stands for `__attrs_attrs__` until attrs has written it.

    Args:
        namespace: the body of the class as its source has it.
        settings: what `attrs.define` is to be told.
    """

    def __init__(self, namespace: dict[str, Any], settings: dict[str, Any]) -> None:
        self._namespace = namespace
        self._settings = settings

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner = owner

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self.written().__attrs_attrs__

    def written(self) -> Any:
        """The class, with attrs' part of it."""
        import attrs

        made: Any = self._owner
        with _LOCK:
            if vars(made)["__attrs_attrs__"] is self:
                body = {name: _for_attrs(value) for name, value in self._namespace.items()}
                twin: Any = attrs.define(slots=False, **self._settings)(type(made)(made.__name__, made.__bases__, body))
                twin.__init__.__qualname__ = f"{made.__qualname__}.__init__"
                for name in _WRITTEN & vars(twin).keys():
                    setattr(made, name, vars(twin)[name])
        return made


class Signature:
    """The `__signature__` of a class, which `__init__` has once attrs has written it."""

    def __get__(self, instance: Any, owner: type) -> inspect.Signature:
        import inspect

        own = next(vars(base)["__attrs_attrs__"] for base in owner.__mro__ if "__attrs_attrs__" in vars(base))
        if isinstance(own, _Unwritten):
            own.written()
        signature = inspect.signature(owner.__init__)  # type: ignore[misc]  # of a class, and not of one of its objects
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _define(**settings: Any) -> Callable[[C], C]:
    def make(source: C) -> C:
        namespace = {name: value for name, value in vars(source).items() if name not in ("__dict__", "__weakref__")}
        fields = [name for name in namespace.get("__annotations__", ()) if not name.startswith("__")]
        inherited = {slot for base in source.__mro__[1:] for slot in vars(base).get("__slots__", ())}
        unwritten = _Unwritten(namespace, settings)

        def __init__(self: Any, /, *arguments: Any, **values: Any) -> None:
            unwritten.written().__init__(self, *arguments, **values)

        body = {name: value for name, value in namespace.items() if name not in fields}
        body["__slots__"] = tuple(name for name in (*fields, "__weakref__") if name not in inherited)
        body["__attrs_attrs__"] = unwritten
        body["__init__"] = __init__
        made: Any = type(source)(source.__name__, source.__bases__, body)
        defined: C = made
        return defined

    return make


def _field(**settings: Any) -> Any:
    return settings["default"] if settings.keys() == {"default"} else _Field(settings)


def _for_attrs(value: Any) -> Any:
    if not isinstance(value, _Field):
        return value
    import attrs

    return attrs.field(**value.settings)


if not TYPE_CHECKING:
    define, field = _define, _field
