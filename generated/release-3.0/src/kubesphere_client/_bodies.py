"""Bodies of answers on their way: they come in good time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from kubesphere_client._http import AsyncByteStream, ReadTimeout, RemoteProtocolError, SyncByteStream

if TYPE_CHECKING:
    from kubesphere_client._http import Response

# httpx gives each piece of a body its time, be it one byte: what drips would never end. A line of 28.8 kbit/s is fast
# enough for so much in the 60 seconds that a piece has by default.
_PART = 65_536
# What the token endpoint says is a few kilobytes; all callers wait for it.
_LONGEST_PRIVATE = 1_048_576


class Pace:
    """Whether a body comes fast enough, and is no longer than it may be.

    Args:
        seconds: the time for each part of it; None where it may take as long as it likes.
        longest: how many bytes it may have.
    """

    def __init__(self, seconds: float | None, *, longest: int | None = None) -> None:
        self._seconds = seconds
        self._longest = longest
        self._size = 0
        self._part = 0
        self._began = monotonic()

    def check(self, size: int) -> None:
        """
        Raises:
            httpx.ReadTimeout: it does not come fast enough.
            httpx.RemoteProtocolError: it is too long.
        """
        self._size += size
        self._part += size
        if self._longest is not None and self._size > self._longest:
            raise RemoteProtocolError(f"the answer is longer than {self._longest} bytes")
        if self._part >= _PART:
            self._part, self._began = 0, monotonic()
        elif self._seconds is not None and monotonic() - self._began > self._seconds:
            raise ReadTimeout(f"only {self._part} bytes came in {self._seconds:g} s")


class PacedStream(SyncByteStream):
    """The body of an answer, which has to keep pace."""

    def __init__(self, stream: SyncByteStream, pace: Pace) -> None:
        self._stream = stream
        self._pace = pace

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._pace.check(len(piece))
            yield piece

    def close(self) -> None:
        self._stream.close()


class AsyncPacedStream(AsyncByteStream):
    """The body of an answer, which has to keep pace; see `PacedStream`."""

    def __init__(self, stream: AsyncByteStream, pace: Pace) -> None:
        self._stream = stream
        self._pace = pace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._pace.check(len(piece))
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def paced(response: Response, *, private: bool) -> None:
    """Let the body of an answer keep pace with the time that its request gives to reading."""
    if response.is_closed:  # all of it is here: a hook has read it
        return
    stream: Any = response.stream
    pace = Pace(
        response.request.extensions.get("timeout", {}).get("read"), longest=_LONGEST_PRIVATE if private else None
    )
    response.stream = (
        AsyncPacedStream(stream, pace) if isinstance(stream, AsyncByteStream) else PacedStream(stream, pace)
    )
