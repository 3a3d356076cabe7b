"""A list whose items are decoded when they are reached, so that a large list costs what is used of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from threading import RLock
from typing import Any, SupportsIndex, TypeVar, overload

from kubesphere_client._garbage import paused

__all__ = ["Items", "Late"]

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


class Late:
    """An item that is not read yet, by its place in a piece of the list that is read at once.

    Args:
        piece: reads the piece and gives the JSON of each item; of one that has to be read for itself, because it may
            have no JSON, a Late whose piece is that item alone.
        place: where in the piece the item stands.
    """

    __slots__ = ("piece", "place")

    def __init__(self, piece: Callable[[], list[Any]], place: int) -> None:
        self.piece = piece
        self.place = place


class Items(list[T]):
    """A list that holds JSON objects until they are reached and what was made of them from then on.

    What is stored is an item, an object that is not decoded, or a Late. No item is ever of the type of the latter two, and
    any change of the list decodes all of it first, so this stays true, and no item moves between being looked up and being
    decoded. Threads may read the list at the same time: all of them see one decoded object.

    Args:
        values: the items as JSON; one that is not an object is kept as it came.
        decoder: makes an item out of a JSON object, and never a dict; None where the values are the items.
        late: whether the values are Late, each of them. The list is open then: it can still be told how to decode.
    """

    __slots__ = ("_change", "_decoder", "_lock", "_open", "_pending")

    def __init__(
        self, values: Iterable[Any] = (), decoder: Callable[[Any], T] | None = None, *, late: bool = False
    ) -> None:
        super().__init__(values)
        self._decoder = decoder
        self._change: Callable[[Any], Any] | None = None
        # The type of what is stored and no item; None when all have been reached.
        self._pending: type | None = Late if late else dict if decoder is not None else None
        self._lock = RLock()
        self._open = late

    @overload
    def __getitem__(self, index: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        pending = self._pending  # before the item is looked up: another thread may reach the last one now
        item = super().__getitem__(index)
        return item if pending is None or type(item) is not pending else self._decode(index)

    def __iter__(self) -> Iterator[T]:
        return super().__iter__() if self._pending is None else self._walk()

    def __reversed__(self) -> Iterator[T]:
        return (self[position] for position in range(len(self) - 1, -1, -1))

    def __radd__(self, other: list[T]) -> list[T]:
        return other + list(self)  # list.__add__ would take the items as they are stored

    def __repr__(self) -> str:
        """The items, or how many more there are after the first twenty: a page can hold thousands."""
        shown = [self._shown(position) for position in range(min(_SHOWN, len(self)))]
        more = [f"… and {len(self) - _SHOWN} more"] if len(self) > _SHOWN else []
        return f"[{', '.join(shown + more)}]"

    def __reduce_ex__(self, protocol: Any) -> Any:
        return Items, (list(self),)

    @property
    def is_open(self) -> bool:
        """Whether nobody but those who decode an answer has this list, so that it can still be told how to."""
        return self._open

    def changed_by(self, change: Callable[[Any], Any]) -> None:
        """Let each item be changed after it was read, while the list is open."""
        self._change = change

    def decoded_by(self, decoder: Callable[[Any], Any]) -> None:
        """Let objects be decoded by this decoder, while the list is open."""
        self._decoder = decoder

    def close(self) -> bool:
        """Hand the list out. Says whether there is a decoder, without which what is in it would be no JSON and no item."""
        self._open = False
        return self._decoder is not None

    def stored(self) -> Iterator[Any]:
        """What is decoded as it is, and all else as JSON."""
        change = self._change
        piece: Any = None
        values: list[Any] = []
        one: Any
        for one in super().__iter__():
            if type(one) is not Late:
                yield one
                continue
            if one.piece is not piece:
                piece, values = one.piece, one.piece()
            value = values[one.place]
            if type(value) is Late:
                (value,) = value.piece()
            yield value if change is None else change(value)

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

    def _shown(self, position: int) -> str:
        try:
            return repr(self[position])
        except Exception as error:  # whatever an item cannot be decoded for: a repr is often read while that is sought
            return f"<{type(error).__name__}>"

    def _walk(self) -> Iterator[T]:
        position = 0
        while position < len(self):
            yield self[position]
            position += 1
        self._finish()  # the next walk is a plain list's

    def _decode(self, index: SupportsIndex) -> Any:
        with self._lock:
            item: Any = super().__getitem__(index)
            if self._pending is None or type(item) is not self._pending:  # another thread was faster
                return item
            if type(item) is Late:
                self._read(range(len(self))[index], item)
                item = super().__getitem__(index)
                if type(item) is not Late:
                    return item
                (item,) = item.piece()  # or say why not
            made = self._made(item)
            super().__setitem__(index, made)
            return made

    def _read(self, position: int, late: Late) -> None:
        """Read and decode the piece of an item. What is read is let go at once, and the collector has nothing to look at."""
        with paused():
            for place, value in enumerate(late.piece(), position - late.place):
                if type(super().__getitem__(place)) is Late:  # else it was reached before an interruption
                    super().__setitem__(place, self._tried(value))

    def _tried(self, value: Any) -> Any:
        """What is made of a value; one of which nothing can be made waits for who reaches it, and stops nobody else."""
        if type(value) is Late:
            return value
        try:
            return self._made(value)
        except Exception:  # whichever it is, who reaches the item will see it
            return Late(partial(list, (value,)), 0)

    def _made(self, value: Any) -> Any:
        if self._change is not None:
            value = self._change(value)
        return self._decoder(value) if type(value) is dict and self._decoder is not None else value

    def _decode_all(self) -> None:
        with self._lock:
            if self._pending is not None:
                with paused():
                    for position in range(len(self)):
                        self._decode(position)
                self._finish()

    def _finish(self) -> None:
        """All have been reached."""
        self._pending = None
        self._change = None


_SHOWN = 20
