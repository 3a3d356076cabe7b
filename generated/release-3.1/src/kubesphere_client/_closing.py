"""Closing the answers of an AsyncKubeSphere: to the end, even where the task that does it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import suppress
from typing import Any, cast

from kubesphere_client._http import AsyncByteStream

_GRACE = 1.0  # seconds; httpcore closes within a few turns of the loop


class ClosingStream(AsyncByteStream):
    """The body of an answer, whose connection is given back even where the task that closes it is cancelled: httpcore
    shields that from anyio's cancellation only, and would count the connection as busy for ever."""

    def __init__(self, stream: AsyncByteStream) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        await _ToItsEnd(self._stream.aclose())


class _ToItsEnd:
    """Awaits a coroutine to its end, and raises only then that the task was cancelled meanwhile.

    asyncio.shield takes a task of its own for that, and with it 10 µs and two turns of the loop of each call.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, None]:
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        before = task.cancelling()
        cancelled: asyncio.CancelledError | None = None
        try:
            for waited in self._coroutine.__await__():
                try:
                    yield from _waiting(waited)
                except asyncio.CancelledError as error:
                    cancelled = error
                    if waited is not None:
                        yield from _waiting_on(waited, error)
        finally:
            self._coroutine.close()
        # A time limit within the coroutine cancels the task too, and takes that back.
        if cancelled is not None and task.cancelling() > before:
            raise cancelled


def _waiting(waited: asyncio.Future[Any] | None, seconds: float | None = None) -> Generator[Any, Any, Any]:
    """Waits as a coroutine asks a task to: for a future, or for the next turn of the loop."""
    if waited is None:
        yield
    else:
        yield from asyncio.wait((waited,), timeout=seconds).__await__()


def _waiting_on(waited: asyncio.Future[Any], cancelled: asyncio.CancelledError) -> Generator[Any, Any, None]:
    """Waits for a future although the task is cancelled; but not for long, as it may be the coroutine's own time limit
    that has cancelled the task."""
    now = asyncio.get_running_loop().time
    end = now() + _GRACE
    while not waited.done():
        left = end - now()
        if left <= 0:
            waited.cancel(*cancelled.args)  # by which anyio knows its own
        with suppress(asyncio.CancelledError):
            yield from _waiting(waited, left if left > 0 else None)
