"""A list whose items are decoded when they are reached, so that a large list costs what is used of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from threading import RLock
from typing import Any, SupportsIndex, TypeVar, overload

__all__ = ["Items"]

T = TypeVar("T")


def _decoded_first(name: str) -> Any:
    """A method of list that looks at all items or moves them: what is undecoded is decoded before it runs."""
    method = getattr(list, name)

    @wraps(method)
    def decoded_first(self: "Items[Any]", *arguments: Any, **keywords: Any) -> Any:
        for one in (self, *arguments):
            if isinstance(one, Items):
                one._decode_all()
        return method(self, *arguments, **keywords)

    return decoded_first


class Items(list[T]):
    """A list that holds JSON objects until they are reached and what was made of them from then on.

    While there is a decoder, a dict in the list is an undecoded item; any change of the list decodes all of
    it first, so this stays true, and no item moves between being looked up and being decoded. Threads may
    read the list at the same time: all of them see one decoded object.

    Args:
        values: the items as JSON; one that is not an object is kept as it came.
        decoder: makes an item out of a JSON object, and never a dict; None where the values are the items.
    """

    __slots__ = ("_decoder", "_lock")

    def __init__(self, values: Iterable[Any] = (), decoder: Callable[[Any], T] | None = None) -> None:
        super().__init__(values)
        self._decoder = decoder
        self._lock = RLock()

    @overload
    def __getitem__(self, index: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        item = super().__getitem__(index)
        return self._decode(index) if type(item) is dict and self._decoder is not None else item

    def __iter__(self) -> Iterator[T]:
        return super().__iter__() if self._decoder is None else self._walk()

    def __reversed__(self) -> Iterator[T]:
        return (self[position] for position in range(len(self) - 1, -1, -1))

    def __radd__(self, other: list[T]) -> list[T]:
        return other + list(self)  # list.__add__ would take the items as they are stored

    def __repr__(self) -> str:
        """The items, or how many more there are after the first twenty: a page can hold thousands."""
        shown = [repr(item) for item in self[:_SHOWN]]
        more = [f"… and {len(self) - _SHOWN} more"] if len(self) > _SHOWN else []
        return f"[{', '.join(shown + more)}]"

    def __reduce_ex__(self, protocol: Any) -> Any:
        return Items, (list(self),)

    append = _decoded_first("append")
    extend = _decoded_first("extend")
    insert = _decoded_first("insert")
    pop = _decoded_first("pop")
    remove = _decoded_first("remove")
    clear = _decoded_first("clear")
    sort = _decoded_first("sort")
    reverse = _decoded_first("reverse")
    index = _decoded_first("index")
    count = _decoded_first("count")
    copy = _decoded_first("copy")
    __setitem__ = _decoded_first("__setitem__")
    __delitem__ = _decoded_first("__delitem__")
    __contains__ = _decoded_first("__contains__")
    __add__ = _decoded_first("__add__")
    __iadd__ = _decoded_first("__iadd__")
    __mul__ = _decoded_first("__mul__")
    __rmul__ = _decoded_first("__rmul__")
    __imul__ = _decoded_first("__imul__")
    __eq__ = _decoded_first("__eq__")
    __ne__ = _decoded_first("__ne__")
    __lt__ = _decoded_first("__lt__")
    __le__ = _decoded_first("__le__")
    __gt__ = _decoded_first("__gt__")
    __ge__ = _decoded_first("__ge__")

    def _walk(self) -> Iterator[T]:
        position = 0
        while position < len(self):
            yield self[position]
            position += 1
        self._decoder = None  # all have been reached: the next walk is a plain list's

    def _decode(self, index: SupportsIndex) -> Any:
        with self._lock:
            item: Any = super().__getitem__(index)
            if type(item) is dict and self._decoder is not None:  # no other thread was faster
                item = self._decoder(item)
                super().__setitem__(index, item)
            return item

    def _decode_all(self) -> None:
        with self._lock:
            if self._decoder is not None:
                for position in range(len(self)):
                    self._decode(position)
                self._decoder = None


_SHOWN = 20
