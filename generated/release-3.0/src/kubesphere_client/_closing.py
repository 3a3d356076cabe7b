"""Closing the answers of an AsyncKubeSphere: to the end, even where the task that does it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import suppress
from typing import Any

from kubesphere_client._http import AsyncByteStream


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
        cancelled: asyncio.CancelledError | None = None
        steps = self._coroutine.__await__()
        try:
            for waited in steps:
                try:
                    yield from _waiting(waited)
                except asyncio.CancelledError as error:
                    cancelled = error
                    # What it waits for must not be cancelled with the task: it is waited for once more.
                    while waited is not None and not waited.done():
                        with suppress(asyncio.CancelledError):
                            yield from _waiting(waited)
        finally:
            self._coroutine.close()
        if cancelled is not None:
            raise cancelled


def _waiting(waited: asyncio.Future[Any] | None) -> Generator[Any, Any, Any]:
    """Waits as a coroutine asks a task to: for a future, or for the next turn of the loop."""
    if waited is None:
        yield
    else:
        yield from asyncio.wait((waited,)).__await__()
