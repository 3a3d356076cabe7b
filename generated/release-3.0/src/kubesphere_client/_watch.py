"""Watches: the events of a list as they happen, typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from attrs import frozen

from kubesphere_client import _json
from kubesphere_client._operation import excerpt
from kubesphere_client.errors import DecodeError, event_error, status_error

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from kubesphere_client._http import Response

T = TypeVar("T")


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


class _Lines:
    """Cuts a stream of bytes into lines, wherever its chunks begin and end."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *lines, rest = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join((*self._parts, lines[0]))
            self._parts.clear()
        self._parts.append(rest)
        for line in lines:
            if line.strip():
                yield line

    def end(self) -> Iterator[bytes]:
        yield from self.feed(b"\n")


class _Events(Generic[T]):
    """What the sync and the async watch share: all that does no input or output."""

    def __init__(
        self, operation: str, item: Callable[[Any], T], translated: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        self._operation = operation
        self._item = item
        self._translated = translated

    def _event(self, line: bytes, response: Response) -> WatchEvent[T]:
        """
        Raises:
            GoneError: the resourceVersion to start from is too old; list again.
            APIStatusError: any other error that came as an event.
        """
        try:
            event = _json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self._undecodable(line, response, excerpt(line.decode(errors="replace"), error)) from None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise self._undecodable(line, response, f"{len(line)} bytes of JSON")
        if event["type"] == "ERROR":
            raise event_error(event.get("object"), response, self._operation)
        return WatchEvent(event["type"], self._item(event.get("object")))

    def _undecodable(self, line: bytes, response: Response, shown: str) -> DecodeError:
        text = line.decode(errors="replace")
        return DecodeError(
            f"a line of the watch is not an event: {shown}", response=response, body=text, operation=self._operation
        )


class Watch(_Events[T]):
    """The events of a list, from the connection that iterating opens until the server ends it.

    Leaving the loop closes the connection; so does leaving `with`, and `close()`. Each loop starts anew.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        translated: Callable[[str], AbstractContextManager[None]],
        open_stream: Callable[[], Response],
    ) -> None:
        super().__init__(operation, item, translated)
        self._open = open_stream
        self._response: Response | None = None

    def __iter__(self) -> Iterator[WatchEvent[T]]:
        response = self._response = self._open()
        try:
            with self._translated(self._operation):
                if response.status_code != 200:
                    response.read()
                    raise status_error(response, self._operation)
                lines = _Lines()
                for chunk in response.iter_bytes():
                    for line in lines.feed(chunk):
                        yield self._event(line, response)
                for line in lines.end():
                    yield self._event(line, response)
        finally:
            response.close()

    def close(self) -> None:
        """End the watch."""
        if self._response is not None:
            self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncWatch(_Events[T]):
    """The events of a list, from the connection that iterating opens until the server ends it.

    Leaving `async with` closes the connection at once, leaving the loop alone soon after. Each loop starts anew.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        translated: Callable[[str], AbstractContextManager[None]],
        open_stream: Callable[[], Awaitable[Response]],
    ) -> None:
        super().__init__(operation, item, translated)
        self._open = open_stream
        self._response: Response | None = None

    async def __aiter__(self) -> AsyncIterator[WatchEvent[T]]:
        response = self._response = await self._open()
        try:
            with self._translated(self._operation):
                if response.status_code != 200:
                    await response.aread()
                    raise status_error(response, self._operation)
                lines = _Lines()
                async for chunk in response.aiter_bytes():
                    for line in lines.feed(chunk):
                        yield self._event(line, response)
                for line in lines.end():
                    yield self._event(line, response)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """End the watch."""
        if self._response is not None:
            await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
