"""Answers whose body is read piece by piece: as bytes, text or lines, or into a file."""

from __future__ import annotations

import codecs
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any, Self, TypeAlias

from kubesphere_client._lines import Lines
from kubesphere_client._open_streams import AsyncOpenStreams, OpenStreams
from kubesphere_client.errors import APIConnectionError

if TYPE_CHECKING:
    from types import TracebackType

    from kubesphere_client._http import Headers, Request, Response

_CHUNK = 65_536
Progress: TypeAlias = Callable[[int, int | None], object]


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

    @property
    def _encoding(self) -> str:
        try:
            return codecs.lookup(self.response.charset_encoding or "utf-8").name
        except LookupError:
            return "utf-8"

    def _line(self, line: bytes) -> str:
        return line.removesuffix(b"\r").decode(self._encoding, errors="replace")

    def _size(self) -> int | None:
        """How many bytes the body will have; None where the server does not say, or sends them compressed."""
        size = self.response.headers.get("Content-Length", "")
        return int(size) if size.isdecimal() and "Content-Encoding" not in self.response.headers else None

    def _check_size(self, done: int) -> None:
        size = self._size()
        if size is not None and done != size:
            raise self._broken(f"{done} of {size} bytes came")

    def _check_end(self, streams: OpenStreams | AsyncOpenStreams) -> None:
        if not streams.at_end:
            raise self._broken("it was closed before its end")

    def _broken(self, why: str) -> APIConnectionError:
        return APIConnectionError(
            f"the answer broke off: {why}", request=self.response.request, operation=self._operation
        )

    def _decoder(self) -> codecs.IncrementalDecoder:
        return codecs.getincrementaldecoder(self._encoding)(errors="replace")


class StreamedResponse(_AnyStream):
    """The answer to a call that succeeded, its body still to be read.

    Leaving `with` closes the connection. `close()` may be called from another thread; whoever reads then is told that
    the answer broke off.
    """

    def __init__(self, response: Response, operation: str) -> None:
        super().__init__(response, operation)
        self._streams = OpenStreams(operation)

    def read(self) -> bytes:
        """The whole body.

        Raises:
            APIConnectionError: it broke off.
        """
        return b"".join(self.iter_bytes())

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in pieces, as they come or of one size.

        Raises:
            APIConnectionError: it broke off.
        """
        with closing(self._streams.chunks(self.response, chunk_size)) as pieces:
            yield from pieces
        self._check_end(self._streams)

    def iter_text(self) -> Iterator[str]:
        """The body as text, in pieces as they come; no character is cut."""
        decoder = self._decoder()
        for piece in self.iter_bytes():
            if text := decoder.decode(piece):
                yield text
        if rest := decoder.decode(b"", True):
            yield rest

    def iter_lines(self) -> Iterator[str]:
        """The body line by line as the lines come, without their ends."""
        lines = Lines()
        for piece in self.iter_bytes():
            for line in lines.feed(piece):
                yield self._line(line)
        if rest := lines.end():
            yield self._line(rest)

    def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write the body into a file, which is there only when all of it has come; returns the number of bytes.

        Args:
            path: the file; one that is there is replaced.
            progress: called after each piece with the bytes that came so far, and with how many there will be, or None
                where the server does not say.

        Raises:
            APIConnectionError: the body broke off; what was written is removed.
            OSError: the file cannot be written.
        """
        done = 0
        with _new_file(path) as file:
            for piece in self.iter_bytes(_CHUNK):
                file.write(piece)
                done += len(piece)
                if progress is not None:
                    progress(done, self._size())
            self._check_size(done)
        return done

    def close(self) -> None:
        """Close the connection; what has not been read is lost."""
        self._streams.stop()
        if not self._streams.is_read(self.response):
            self.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncStreamedResponse(_AnyStream):
    """The answer to a call that succeeded, its body still to be read.

    Leaving `async with` closes the connection. `close()` may be called from another task; whoever reads then is told
    that the answer broke off.
    """

    def __init__(self, response: Response, operation: str) -> None:
        super().__init__(response, operation)
        self._streams = AsyncOpenStreams(operation)

    async def read(self) -> bytes:
        """The whole body; see `StreamedResponse.read`."""
        return b"".join([piece async for piece in self.iter_bytes()])

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        """The body in pieces, as they come or of one size; see `StreamedResponse.iter_bytes`."""
        async with aclosing(self._streams.chunks(self.response, chunk_size)) as pieces:
            async for piece in pieces:
                yield piece
        self._check_end(self._streams)

    async def iter_text(self) -> AsyncGenerator[str, None]:
        """The body as text, in pieces as they come; no character is cut."""
        decoder = self._decoder()
        async with aclosing(self.iter_bytes()) as pieces:
            async for piece in pieces:
                if text := decoder.decode(piece):
                    yield text
        if rest := decoder.decode(b"", True):
            yield rest

    async def iter_lines(self) -> AsyncGenerator[str, None]:
        """The body line by line as the lines come, without their ends."""
        lines = Lines()
        async with aclosing(self.iter_bytes()) as pieces:
            async for piece in pieces:
                for line in lines.feed(piece):
                    yield self._line(line)
        if rest := lines.end():
            yield self._line(rest)

    async def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write the body into a file, which is there only when all of it has come; see `StreamedResponse.save`."""
        import asyncio

        done = 0
        with _new_file(path) as file:
            async with aclosing(self.iter_bytes(_CHUNK)) as pieces:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
                    done += len(piece)
                    if progress is not None:
                        progress(done, self._size())
            self._check_size(done)
        return done

    async def close(self) -> None:
        """Close the connection; what has not been read is lost."""
        await self._streams.close()
        if not self._streams.is_read(self.response):
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


@contextmanager
def _new_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file that takes its place at the end, and that is gone where there was an error."""
    target = Path(path).resolve()  # a link stays one
    if target.exists() and not target.is_file():
        with target.open("wb") as device:  # such as a pipe, whose place no file must take; it refuses a folder
            yield device
        return
    part = target.with_name(f".{token_hex(8)}.part")  # a name of its own: the target's may be as long as names can be
    file = part.open("xb")
    try:
        with file:
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
