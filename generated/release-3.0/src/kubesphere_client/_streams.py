"""Answers whose body is read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Generator, Iterator
from typing import TYPE_CHECKING, Any, Self

from kubesphere_client._http import translated

if TYPE_CHECKING:
    from types import TracebackType

    from kubesphere_client._http import Headers, Request, Response


class _AnyStream:
    """An answer that succeeded and whose body has not been read."""

    def __init__(self, response: Response, operation: str) -> None:
        self.response = response
        self._operation = operation

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> Headers:
        return self.response.headers

    @property
    def request(self) -> Request:
        """What was sent. Its headers hold the token."""
        return self.response.request

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with status {self.status_code}>"


class StreamedResponse(_AnyStream):
    """The answer to a call that succeeded, its body still to be read. Leaving `with` closes the connection."""

    def read(self) -> bytes:
        """The whole body."""
        with translated(self._operation, answered=True):
            return self.response.read()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in pieces, as they come or of one size."""
        with translated(self._operation, answered=True):
            yield from self.response.iter_bytes(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The body line by line, without line ends."""
        with translated(self._operation, answered=True):
            yield from self.response.iter_lines()

    def close(self) -> None:
        self.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncStreamedResponse(_AnyStream):
    """The answer to a call that succeeded, its body still to be read. Leaving `async with` closes the connection."""

    async def read(self) -> bytes:
        """The whole body."""
        with translated(self._operation, answered=True):
            return await self.response.aread()

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in pieces, as they come or of one size."""
        with translated(self._operation, answered=True):
            async for chunk in self.response.aiter_bytes(chunk_size):
                yield chunk

    async def iter_lines(self) -> AsyncIterator[str]:
        """The body line by line, without line ends."""
        with translated(self._operation, answered=True):
            async for line in self.response.aiter_lines():
                yield line

    async def close(self) -> None:
        await self.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class AsyncStreamRequest:
    """A call whose answer will be streamed: `async with` makes it and closes the answer, `await` makes it alone."""

    def __init__(self, call: Awaitable[AsyncStreamedResponse]) -> None:
        self._call = call
        self._response: AsyncStreamedResponse | None = None

    def __await__(self) -> Generator[Any, None, AsyncStreamedResponse]:
        return self._call.__await__()

    async def __aenter__(self) -> AsyncStreamedResponse:
        self._response = await self._call
        return self._response

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._response is not None:
            await self._response.close()
