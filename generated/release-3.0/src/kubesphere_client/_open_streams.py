"""Streams that can be ended from elsewhere: from another thread or task, or from a signal handler, while they are read."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from kubesphere_client._http import translated
from kubesphere_client.errors import ClientClosedError

if TYPE_CHECKING:
    from kubesphere_client._http import Response

T = TypeVar("T")
# Set on an answer that was still being read when the client was closed.
_ABANDONED = "kubesphere_client.abandoned"


class OpenStreams:
    """The answers that are being read for one watch, log or body.

    Attributes:
        at_end: whether an answer was read to its end.
    """

    at_end = False

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._stopped = threading.Event()
        # Whoever holds the lock of an answer reads it, or closes it.
        self._locks: dict[Response, threading.Lock] = {}

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """End all that is read, and all that will be."""
        self._stopped.set()
        for response, lock in list(self._locks.items()):
            shut(response)
            if lock.acquire(blocking=False):
                try:
                    response.close()
                finally:
                    lock.release()

    def is_read(self, response: Response) -> bool:
        """Whether somebody reads an answer, who will close it."""
        return response in self._locks

    def wait(self, seconds: float) -> None:
        """Wait, unless it is stopped."""
        self._stopped.wait(seconds)

    def chunks(self, response: Response, size: int | None = None) -> Generator[bytes, None, None]:
        """The body of an answer as it comes or in pieces of one size, to its end or until it is stopped.

        Raises:
            APIConnectionError: it broke off.
        """
        lock = self._locks[response] = threading.Lock()
        try:
            pieces = response.iter_bytes(size)
            while not self.stopped:
                with lock, translated(self._operation, answered=True):
                    piece = next(pieces, None)
                if piece is None:
                    _check_kept(response)
                    self.at_end = True
                    return
                yield piece
        except Exception:  # a stop pulls the socket from under the read, which then fails in any way it likes
            if not self.stopped:
                _check_kept(response)
                raise
        finally:
            del self._locks[response]
            response.close()


class AsyncOpenStreams:
    """The answers that are being read by tasks; see `OpenStreams`."""

    at_end = False

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._stopped = threading.Event()
        self._read: dict[Response, bool] = {}
        self._wakers: set[Callable[[], object]] = set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """End all that is read, and all that will be. Any thread may call this."""
        self._stopped.set()
        for response in list(self._read):
            shut(response)
        for wake in list(self._wakers):
            wake()

    async def close(self) -> None:
        """Stop, and close what no task is reading; what one is reading it closes itself as it wakes."""
        self.stop()
        for response, is_read in list(self._read.items()):
            if not is_read:
                await response.aclose()

    def is_read(self, response: Response) -> bool:
        """Whether a task is reading an answer at this moment."""
        return self._read.get(response, False)

    async def wait(self, seconds: float) -> None:
        """Wait, unless it is stopped."""
        import asyncio

        await self.unless_stopped(asyncio.sleep(seconds))

    async def unless_stopped(self, call: Awaitable[T]) -> T | None:
        """What a call comes to; None where it was broken off because all is stopped."""
        import asyncio

        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(0 if self.stopped else None)

        def end() -> None:
            if wake in self._wakers:  # the limit of a call that is over cannot be changed any more
                limit.reschedule(loop.time())

        wake = partial(loop.call_soon_threadsafe, end)
        self._wakers.add(wake)
        try:
            async with limit:
                return await call
        except TimeoutError:
            if not limit.expired():
                raise
            return None
        finally:
            self._wakers.discard(wake)

    async def chunks(self, response: Response, size: int | None = None) -> AsyncGenerator[bytes, None]:
        """The body of an answer as it comes; see `OpenStreams.chunks`."""
        self._read[response] = False
        try:
            pieces = response.aiter_bytes(size)
            while not self.stopped:
                self._read[response] = True
                try:
                    with translated(self._operation, answered=True):
                        piece = await anext(pieces, None)
                finally:
                    self._read[response] = False
                if piece is None:
                    _check_kept(response)
                    self.at_end = True
                    return
                yield piece
        except Exception:  # a stop pulls the socket from under the read, which then fails in any way it likes
            if not self.stopped:
                _check_kept(response)
                raise
        finally:
            del self._read[response]
            await response.aclose()


def abandon(response: Response) -> None:
    """Let whoever reads an answer hear that the client was closed."""
    response.extensions[_ABANDONED] = True
    shut(response)


def shut(response: Response) -> None:
    """Wake whoever is blocked in reading an answer: closing a socket does not, shutting it down does."""
    stream = response.extensions.get("network_stream")
    # What was read to its end has given its connection back; HTTP/2 shares it with other calls.
    if stream is None or response.is_closed or response.http_version == "HTTP/2":
        return
    connection = stream.get_extra_info("socket")
    if connection is None:
        return
    # A twin of it, as shutting down an SSLSocket pulls its state away from under the reader, and the sockets of
    # event loops refuse to be shut down.
    with suppress(OSError), socket.fromfd(connection.fileno(), connection.family, connection.type) as twin:
        twin.shutdown(socket.SHUT_RDWR)


def _check_kept(response: Response) -> None:
    if response.extensions.get(_ABANDONED):
        raise ClientClosedError("The client was closed while this was being read.") from None
