"""Watches: the events of a list as they happen, typed; see `_watch_session` for what they ask and how they go on."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from kubesphere_client._http import translated
from kubesphere_client._lines import Lines
from kubesphere_client._open_streams import AsyncOpenStreams, OpenStreams
from kubesphere_client._status_errors import status_error
from kubesphere_client._watch_session import OnGone, Session, check_watch
from kubesphere_client._watch_session import WatchEvent as WatchEvent
from kubesphere_client.errors import KubeSphereError

if TYPE_CHECKING:
    from types import TracebackType

    from kubesphere_client._http import Response

T = TypeVar("T")
log = logging.getLogger("kubesphere_client")


class Send(Protocol):
    """Sends the request for a list or a watch, and returns the answer, whatever its status."""

    def __call__(self, query: Mapping[str, Any], *, stream: bool) -> Response: ...


class AsyncSend(Protocol):
    """Sends as `Send` does."""

    async def __call__(self, query: Mapping[str, Any], *, stream: bool) -> Response: ...


class _AnyWatch(Generic[T]):
    """What the sync and the async watch share.

    Args:
        operation: the name of the list's operation.
        item: makes an object of its JSON.
        query: the parameters of the list; resourceVersion, timeoutSeconds and allowWatchBookmarks are the watch's.
        on_gone, reconnect: as the `watch_…` methods take them.

    Raises:
        InvalidArgumentError: no watch can be made with these.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        query: Mapping[str, Any],
        *,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
    ) -> None:
        check_watch(query, on_gone, operation)
        self._operation = operation
        self._item = item
        self._query = query
        self._on_gone: OnGone = on_gone
        self._reconnect = reconnect

    def _session(self) -> Session[T]:
        return Session(self._operation, self._item, self._query, on_gone=self._on_gone, reconnect=self._reconnect)

    def _goes_on(self, session: Session[T], error: KubeSphereError) -> bool:
        if not session.survives(error):
            return False
        log.info("%s: the watch goes on in %.1f s after: %s", self._operation, session.pause, error)
        return True


class Watch(_AnyWatch[T]):
    """The events of a list, for as long as you read them.

    Leaving the loop closes the connection; so do leaving `with`, and `close()`. Each loop starts anew, until the watch
    is closed.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        query: Mapping[str, Any],
        send: Send,
        *,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
    ) -> None:
        super().__init__(operation, item, query, on_gone=on_gone, reconnect=reconnect)
        self._send = send
        self._streams = OpenStreams(operation)

    def __iter__(self) -> Iterator[WatchEvent[T]]:
        session = self._session()
        while not (self._streams.stopped or session.is_over):
            try:
                yield from self._stretch(session)
                session.ended()
            except KubeSphereError as error:
                if self._streams.stopped:
                    return
                if not self._goes_on(session, error):
                    raise
            self._streams.wait(session.pause)

    def close(self) -> None:
        """End the watch: every loop over it ends at once, also one in another thread that waits for an event."""
        self._streams.stop()

    stop = close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _stretch(self, session: Session[T]) -> Iterator[WatchEvent[T]]:
        """The events of one answer."""
        if session.lists:
            for change in session.listed(self._send(session.query(), stream=False)):
                yield change
                if self._streams.stopped:
                    return
            return
        response = self._send(session.query(), stream=True)
        if response.status_code != 200:
            with translated(self._operation, answered=True):
                response.read()
            raise status_error(response, self._operation)
        session.opened()
        lines = Lines()
        with closing(self._streams.chunks(response)) as chunks:
            for chunk in chunks:
                for line in lines.feed(chunk):
                    event = session.event(line, response)
                    if self._streams.stopped:
                        return
                    if event is not None:
                        yield event
        last = None if self._streams.stopped else session.last_event(lines.end(), response)
        if last is not None:
            yield last


class AsyncWatch(_AnyWatch[T]):
    """The events of a list, for as long as you read them.

    Leaving `async with` closes the connection at once, leaving the loop alone soon after. Each loop starts anew, until
    the watch is closed.
    """

    def __init__(
        self,
        operation: str,
        item: Callable[[Any], T],
        query: Mapping[str, Any],
        send: AsyncSend,
        *,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
    ) -> None:
        super().__init__(operation, item, query, on_gone=on_gone, reconnect=reconnect)
        self._send = send
        self._streams = AsyncOpenStreams(operation)

    async def __aiter__(self) -> AsyncIterator[WatchEvent[T]]:
        session = self._session()
        while not (self._streams.stopped or session.is_over):
            try:
                async with aclosing(self._stretch(session)) as events:
                    async for event in events:
                        yield event
                session.ended()
            except KubeSphereError as error:
                if self._streams.stopped:
                    return
                if not self._goes_on(session, error):
                    raise
            await self._streams.wait(session.pause)

    def stop(self) -> None:
        """End the watch: every loop over it ends at once, also one that waits for an event. Any thread may call this."""
        self._streams.stop()

    async def close(self) -> None:
        """End the watch as `stop` does, and close its connection."""
        await self._streams.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _stretch(self, session: Session[T]) -> AsyncGenerator[WatchEvent[T], None]:
        if session.lists:
            listed = await self._streams.unless_stopped(self._send(session.query(), stream=False))
            if listed is None:
                return
            for change in session.listed(listed):
                yield change
                if self._streams.stopped:
                    return
            return
        response = await self._streams.unless_stopped(self._send(session.query(), stream=True))
        if response is None:
            return
        if response.status_code != 200:
            with translated(self._operation, answered=True):
                await response.aread()
            raise status_error(response, self._operation)
        session.opened()
        lines = Lines()
        async with aclosing(self._streams.chunks(response)) as chunks:
            async for chunk in chunks:
                for line in lines.feed(chunk):
                    event = session.event(line, response)
                    if self._streams.stopped:
                        return
                    if event is not None:
                        yield event
        last = None if self._streams.stopped else session.last_event(lines.end(), response)
        if last is not None:
            yield last
