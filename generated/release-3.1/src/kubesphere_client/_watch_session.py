"""What a watch asks for, what it yields, and how it goes on after its stream ended. No input or output here."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from attrs import frozen

from kubesphere_client import _json
from kubesphere_client._retry import backoff, retry_after
from kubesphere_client._status_errors import event_error, status_error
from kubesphere_client.errors import (
    APIConnectionError,
    APIStatusError,
    DecodeError,
    GoneError,
    InvalidArgumentError,
    KubeSphereError,
    LoginError,
)

if TYPE_CHECKING:
    from kubesphere_client._http import Response

T = TypeVar("T")
OnGone: TypeAlias = Literal["relist", "raise"]
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A server that asks for more than this is asked again all the same.
_LONGEST_WISH = 120.0
# A stream that was open for this long was no failure, though nothing happened in it.
_HEALTHY = 5.0
_PASSING = frozenset((429, 500, 502, 503, 504))
_NO_VERSION = ("", "0")
_OF_A_PAGE = ("limit", "continue")


@frozen
class WatchEvent(Generic[T]):
    """Something that happened to an object.

    Attributes:
        type: "ADDED", "MODIFIED" or "DELETED"; "BOOKMARK" where bookmarks were asked for, with an object that holds
            a resourceVersion and nothing else.
        object: the object as it was then.
    """

    type: str
    object: T


class Session(Generic[T]):
    """One loop over a watch.

    It is asked for `query()`, which is for a list where `lists` is true; told of what comes with `listed` or `event`,
    of a stream's end with `ended` and of an error with `survives`; and asked after that whether it `is_over`, and
    which `pause` to make before the next request.

    Args:
        operation: the name of the list's operation, for errors.
        item: makes an object of its JSON.
        query: the parameters of the list. `timeoutSeconds` limits the whole loop.
        on_gone: whether the loop goes on with a new list where the server forgot the version to go on from.
        reconnect: False ends the loop with the first stream.
        clock, chance: replaceable for tests; seconds, and a number from 0 to 1.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        query: Mapping[str, Any],
        *,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._operation = operation
        self._item = item
        self._query = {name: value for name, value in query.items() if value is not None and name not in _OF_A_PAGE}
        self._bookmarks: bool | None = self._query.pop("allowWatchBookmarks", None)
        self._version: str | None = self._query.pop("resourceVersion", None)
        limit = self._query.pop("timeoutSeconds", None)
        self._limit: int | None = limit
        self._clock, self._chance = clock, chance
        self._deadline = clock() + limit if limit else None
        self._relists = on_gone == "relist" and reconnect
        self._reconnect = reconnect
        # The objects that the server begins a watch with come in no order of their versions, so a stream that breaks
        # among them could not be gone on with. A list says which version it is of.
        self.lists = reconnect and (self._version is None or self._version in _NO_VERSION)
        self._known: dict[Any, tuple[Any, T]] = {}
        self._opened = self._watches = False
        self._asked = clock()
        self._failures = 0
        self._hurried = -math.inf
        self.pause = 0.0
        self.is_over = False

    def query(self) -> dict[str, Any]:
        """The parameters of the next request."""
        self._asked = self._clock()
        self._watches = not self.lists
        if self.lists:
            return {**self._query, "resourceVersion": self._version or None}
        return {
            **self._query,
            "watch": True,
            # Bookmarks keep the version young while nothing happens to the objects that are watched.
            "allowWatchBookmarks": True if self._reconnect else self._bookmarks,
            "resourceVersion": self._version,
            "timeoutSeconds": self._limit if self._deadline is None else max(1, math.ceil(self._left())),
        }

    def listed(self, response: Response) -> Iterator[WatchEvent[T]]:
        """What a list, whose body has been read, tells of: all objects at first, later those that changed meanwhile.

        Raises:
            APIStatusError: the list was refused.
            DecodeError: it is none.
        """
        if response.status_code != 200:
            raise status_error(response, self._operation)
        data = self._decoded(response.content, response, "the list to begin a watch with")
        items = data.get("items") if isinstance(data, dict) else None
        if not isinstance(items, list | None) or not isinstance(data, dict):
            raise self._undecodable("the list to begin a watch with is none", response.content, response)
        self._opened = True
        self.lists = False
        self._version = _text(_metadata(data).get("resourceVersion")) or self._version
        return self._changes([_typed(one, data) for one in items or ()])

    def event(self, line: bytes, response: Response) -> WatchEvent[T] | None:
        """The event that a line is; None for an empty line, and for an event that only the session wants.

        Raises:
            GoneError: the version to start from is too old.
            APIStatusError: any other error that came as an event.
            DecodeError: it is no event.
        """
        if not line.strip():
            return None
        data = self._decoded(line, response, "a line of the watch is not an event")
        kind = data.get("type") if isinstance(data, dict) else None
        if not isinstance(kind, str):
            raise self._undecodable(f"a line of the watch is not an event: {len(line)} bytes", line, response)
        raw = data.get("object")
        if kind == "ERROR":
            raise event_error(raw, response, self._operation)
        self._failures = 0
        self._version = _text(_metadata(raw).get("resourceVersion")) or self._version
        event = WatchEvent(kind, self._item(raw))
        if kind == "BOOKMARK":
            return event if self._bookmarks or not self._reconnect else None
        if kind == "DELETED":
            self._known.pop(_key(raw), None)
        elif self._relists:
            self._known[_key(raw)] = _metadata(raw).get("resourceVersion"), event.object
        return event

    def last_event(self, rest: bytes, response: Response) -> WatchEvent[T] | None:
        """The event that came without a line's end; None where it was cut off and the next stream tells of it."""
        try:
            return self.event(rest, response)
        except DecodeError:
            if not self._reconnect:
                raise
            return None

    def opened(self) -> None:
        """Take note that the server began to stream."""
        self._opened = True

    def ended(self) -> None:
        """Get ready to go on after a list, or after a stream that the server ended."""
        if not self._reconnect or self._is_late():
            self.is_over = True
        elif self._watches:
            self._wait(at_once=True)
        else:
            self.pause = 0.0

    def survives(self, error: KubeSphereError) -> bool:
        """Get ready to go on after an error; False where it is to be raised."""
        if not self._reconnect or self._is_late():
            return False
        if isinstance(error, GoneError):
            self.lists, self._version = True, None
            self._wait(at_once=True)
            return self._relists
        if not self._opened or not _passes(error):
            return False
        self._wait(at_once=False)
        self.pause = min(max(self.pause, _wished(error)), self._left())
        return True

    def _wait(self, *, at_once: bool) -> None:
        now = self._clock()
        if now - self._asked >= _HEALTHY:
            self._failures = 0
        # Not twice in a row: a server that ends each stream after one event would be asked without end.
        if at_once and self._failures == 0 and now - self._hurried >= _HEALTHY:
            self.pause, self._hurried = 0.0, now
        else:
            self.pause = backoff(self._failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE, chance=self._chance)
        self._failures += 1

    def _left(self) -> float:
        return math.inf if self._deadline is None else self._deadline - self._clock()

    def _is_late(self) -> bool:
        return self._left() <= 0

    def _changes(self, items: list[Any]) -> Iterator[WatchEvent[T]]:
        there = {_key(raw): raw for raw in items}
        for key in [key for key in self._known if key not in there]:
            yield WatchEvent("DELETED", self._known.pop(key)[1])
        for key, raw in there.items():
            version = _metadata(raw).get("resourceVersion")
            before = self._known.get(key)
            if before is not None and before[0] == version:
                continue
            value = self._item(raw)
            if self._relists:
                self._known[key] = version, value
            yield WatchEvent("ADDED" if before is None else "MODIFIED", value)

    def _decoded(self, text: bytes, response: Response, what: str) -> Any:
        try:
            return _json.loads(text)
        except (ValueError, RecursionError) as error:
            shown = _json.excerpt(text.decode(errors="replace"), error)
        raise self._undecodable(f"{what}: {shown}", text, response)

    def _undecodable(self, message: str, body: bytes, response: Response) -> DecodeError:
        return DecodeError(message, response=response, body=body.decode(errors="replace"), operation=self._operation)


def check_watch(query: Mapping[str, Any], on_gone: Any, operation: str) -> None:
    """
    Raises:
        InvalidArgumentError: an argument that no watch can be made with.
    """
    if on_gone not in ("relist", "raise"):
        raise InvalidArgumentError(f'{operation}: on_gone must be "relist" or "raise", not {on_gone!r:.80}.')
    limit = query.get("timeoutSeconds")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise InvalidArgumentError(
            f"{operation}: timeout_seconds must be a whole number of seconds, not {limit!r:.80}."
        )


def _passes(error: KubeSphereError) -> bool:
    """Whether an error may be gone the next time. A refused login is not made again, lest it lock the account."""
    if isinstance(error, LoginError):
        return error.status_code >= 500
    if isinstance(error, APIStatusError):
        return error.status_code in _PASSING
    return isinstance(error, APIConnectionError)


def _wished(error: KubeSphereError) -> float:
    """Seconds that the server asks for; 0.0 where it does not."""
    wish = retry_after(error.response) if isinstance(error, APIStatusError) else None
    return min(_LONGEST_WISH, max(0.0, wish or 0.0))


def _metadata(raw: Any) -> Mapping[str, Any]:
    metadata = raw.get("metadata") if isinstance(raw, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _key(raw: Any) -> Any:
    """What tells an object from every other, also from one that bears its name later."""
    metadata = _metadata(raw)
    return metadata.get("uid") or (metadata.get("namespace"), metadata.get("name"))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _typed(raw: Any, envelope: Mapping[str, Any]) -> Any:
    """An item of a list with kind and apiVersion, which lists of Kubernetes' own objects leave out of their items."""
    kind = envelope.get("kind")
    if not isinstance(raw, dict) or not isinstance(kind, str) or not kind.endswith("List") or "kind" in raw:
        return raw
    return {"kind": kind.removesuffix("List"), "apiVersion": envelope.get("apiVersion"), **raw}
