"""Logs, line by line while they grow: from a stream that stays open, or from a server that has to be asked again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Self

from kubesphere_client._http import translated
from kubesphere_client._lines import Lines
from kubesphere_client._open_streams import AsyncOpenStreams, OpenStreams
from kubesphere_client._status_errors import status_error
from kubesphere_client.errors import APITimeoutError

if TYPE_CHECKING:
    from types import TracebackType

    from kubesphere_client._http import Response

# How often a log is asked for that grows on Jenkins.
POLL_SECONDS = 2.0


class LogLines:
    """The lines of a log as they are written, without their ends; text that is no UTF-8 is shown as it can be.

    Leaving the loop closes the connection; so do leaving `with`, and `close()`, which another thread may call. Each loop
    starts anew, until the log is closed.

    Args:
        operation: the name of the operation, for errors.
        open_stream: asks for the log and returns the answer, whatever its status, its body still to be read.
        patient: whether to ask again where no answer has begun in time, as none may begin before the log does.
    """

    def __init__(self, operation: str, open_stream: Callable[[], Response], *, patient: bool = False) -> None:
        self._operation = operation
        self._open = open_stream
        self._patient = patient
        self._streams = OpenStreams(operation)

    def __iter__(self) -> Iterator[str]:
        lines = Lines()
        with closing(self._pieces()) as pieces:
            for piece in pieces:
                for line in lines.feed(piece):
                    yield _shown(line)
                    if self._streams.stopped:
                        return
        if (rest := lines.end()) and not self._streams.stopped:
            yield _shown(rest)

    def close(self) -> None:
        """End the log: every loop over it ends at once, also one in another thread that waits for a line."""
        self._streams.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _pieces(self) -> Generator[bytes, None, None]:
        while not self._streams.stopped:
            try:
                response = self._answer()
            except APITimeoutError as error:
                if self._streams.stopped:
                    return
                if not _may_begin_later(error, self._patient):
                    raise
            else:
                yield from self._streams.chunks(response)
                return

    def _answer(self) -> Response:
        response = self._open()
        if not response.is_success:
            with translated(self._operation, answered=True):
                response.read()
            raise status_error(response, self._operation)
        return response


class GrowingLogLines(LogLines):
    """The lines of a log that Jenkins keeps: it is asked for what is new until Jenkins says that no more will come.

    Args:
        start: the byte to begin at.
        open_part: as `open_stream`, for the part of the log that begins at a byte.
    """

    def __init__(self, operation: str, open_part: Callable[[int], Response], *, start: int = 0) -> None:
        super().__init__(operation, lambda: open_part(self._place.next))
        self._start = start
        self._place = _Place(start)

    def _pieces(self) -> Generator[bytes, None, None]:
        self._place = _Place(self._start)
        while not (self._streams.stopped or self._place.is_end):
            response = self._answer()
            for piece in self._streams.chunks(response):
                self._place.pass_by(piece)
                yield piece
            self._place.answered(response)
            if not self._place.is_end:
                self._streams.wait(POLL_SECONDS)


class AsyncLogLines:
    """The lines of a log as they are written; see `LogLines`. Leaving `async with` closes the connection at once."""

    def __init__(
        self, operation: str, open_stream: Callable[[], Awaitable[Response]], *, patient: bool = False
    ) -> None:
        self._operation = operation
        self._open = open_stream
        self._patient = patient
        self._streams = AsyncOpenStreams(operation)

    async def __aiter__(self) -> AsyncIterator[str]:
        lines = Lines()
        async with aclosing(self._pieces()) as pieces:
            async for piece in pieces:
                for line in lines.feed(piece):
                    yield _shown(line)
                    if self._streams.stopped:
                        return
        if (rest := lines.end()) and not self._streams.stopped:
            yield _shown(rest)

    def stop(self) -> None:
        """End the log: every loop over it ends at once, also one that waits for a line. Any thread may call this."""
        self._streams.stop()

    async def close(self) -> None:
        """End the log as `stop` does, and close its connection."""
        await self._streams.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        while not self._streams.stopped:
            try:
                response = await self._answer()
            except APITimeoutError as error:
                if self._streams.stopped:
                    return
                if not _may_begin_later(error, self._patient):
                    raise
                continue
            if response is not None:
                async with aclosing(self._streams.chunks(response)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            return

    async def _answer(self) -> Response | None:
        """The answer; None where the log was stopped before there was one."""
        response = await self._streams.unless_stopped(self._open())
        if response is not None and not response.is_success:
            with translated(self._operation, answered=True):
                await response.aread()
            raise status_error(response, self._operation)
        return response


class AsyncGrowingLogLines(AsyncLogLines):
    """The lines of a log that Jenkins keeps; see `GrowingLogLines`."""

    def __init__(self, operation: str, open_part: Callable[[int], Awaitable[Response]], *, start: int = 0) -> None:
        super().__init__(operation, lambda: open_part(self._place.next))
        self._start = start
        self._place = _Place(start)

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        self._place = _Place(self._start)
        while not (self._streams.stopped or self._place.is_end):
            response = await self._answer()
            if response is None:
                return
            async with aclosing(self._streams.chunks(response)) as chunks:
                async for chunk in chunks:
                    self._place.pass_by(chunk)
                    yield chunk
            self._place.answered(response)
            if not self._place.is_end:
                await self._streams.wait(POLL_SECONDS)


class _Place:
    """How far a log has been read. The server passes on Jenkins' headers X-Text-Size, where the next part starts, and
    X-More-Data, which is there while more may come (pkg/kapis/devops/v1alpha2/devops.go:153)."""

    def __init__(self, start: int) -> None:
        self.next = start
        self.is_end = False
        self._passed = start

    def pass_by(self, piece: bytes) -> None:
        self._passed += len(piece)

    def answered(self, response: Response) -> None:
        size = response.headers.get("X-Text-Size", "")
        self.next = self._passed = int(size) if size.isdecimal() else self._passed
        self.is_end = response.headers.get("X-More-Data", "").lower() != "true"


def _may_begin_later(error: APITimeoutError, patient: bool) -> bool:
    """Whether a server was reached and is silent. Kubelets of that time send not even headers before the first line, which
    is general knowledge of Kubernetes and in no recording."""
    return patient and error.failure == ""


def _shown(line: bytes) -> str:
    return line.removesuffix(b"\r").decode(errors="replace")
