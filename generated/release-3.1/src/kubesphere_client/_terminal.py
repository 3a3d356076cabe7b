"""A terminal in a container, over a WebSocket. The only module that knows httpx-ws, which comes with [terminal]."""

from __future__ import annotations

import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from kubesphere_client._http import translated
from kubesphere_client._open_streams import shut
from kubesphere_client._terminal_frames import Frames
from kubesphere_client.errors import ClientClosedError, ConfigError

if TYPE_CHECKING:
    from types import TracebackType

    from kubesphere_client._http import Response

_NOT_OPEN = "A terminal is open inside `with` only: `with ks.terminal.v1alpha2.connect_pod_terminal(…) as terminal:`."
_ENDED = "The terminal is closed: its shell has ended."
_GLANCE = 0.1


class Terminal:
    """A terminal in a container: iterate over what is printed, and `send` what is typed.

    It is open inside `with`. Iterating ends when the shell does, or when the terminal is closed, which another thread may
    do. Without [terminal], `with` raises a ConfigError.

    Example:
        with ks.terminal.v1alpha2.connect_pod_terminal("shop", "web-0") as terminal:
            terminal.resize(rows=40, cols=120)
            terminal.send("ls; exit\\n")
            for text in terminal:
                print(text, end="")
    """

    def __init__(self, operation: str, open_stream: Callable[[dict[str, str]], Response]) -> None:
        self._frames = Frames(operation)
        self._operation = operation
        self._open = open_stream
        self._response: Response | None = None
        self._session: Any = None  # httpx_ws.WebSocketSession, whose types have holes
        self._closing = threading.RLock()  # a second thread returns when the first is done, and not before
        self._over = False

    def __repr__(self) -> str:
        return _shown(self)

    def __enter__(self) -> Self:
        module = _httpx_ws()
        self._frames.check_unused(self._response)
        response = self._open(self._frames.handshake())
        try:
            if response.status_code != 101:
                with translated(self._operation, answered=True):
                    response.read()
            stream = self._frames.opened(response)
            # The server answers pings only while the shell takes input, so that their absence says nothing; and a queue
            # that can be full would keep `close` waiting for somebody to read it.
            session = module.WebSocketSession(stream, keepalive_ping_interval_seconds=None, queue_size=0)
            self._response, self._session = response, session.__enter__()
        except BaseException:
            response.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def send(self, text: str) -> None:
        r"""Type a text; a line is sent off with "\n", Ctrl-C is "\x03" and Ctrl-D "\x04".

        Raises:
            ClientClosedError: the terminal is not open, or its shell has ended.
        """
        for frame in self._frames.input(text):
            self._write(frame)

    def resize(self, rows: int, cols: int) -> None:
        """Tell the shell how large the terminal is, 1 to 65,535 each.

        Raises:
            ClientClosedError: the terminal is not open, or its shell has ended.
        """
        self._write(self._frames.resize(rows, cols))

    def __iter__(self) -> Iterator[str]:
        if self._session is None or self._response is None:
            raise ClientClosedError(_NOT_OPEN)
        module = _httpx_ws()
        while not self._over:
            try:
                # A session that is closed does not wake those who wait for it.
                frame = self._session.receive_text(timeout=_GLANCE)
            except queue.Empty:
                continue
            except (module.WebSocketDisconnect, module.WebSocketNetworkError):
                self._over = True  # the server ends a session by closing the connection without a word
                return
            yield self._frames.output(frame, self._response)

    def close(self) -> None:
        """Close the terminal, which ends its shell. Any thread may call this."""
        if self._session is None or self._response is None:
            return
        self._over = True
        with self._closing:
            with suppress(*_closed_errors()):
                self._session.send(_goodbye())
            shut(self._response)  # which wakes the session's own thread
            self._session.__exit__(None, None, None)
            self._response.close()

    def _write(self, frame: str) -> None:
        if self._session is None:
            raise ClientClosedError(_NOT_OPEN)
        if self._over:
            raise ClientClosedError(_ENDED)
        try:
            self._session.send_text(frame)
        except _closed_errors():
            raise ClientClosedError(_ENDED) from None


class AsyncTerminal:
    """A terminal in a container: iterate over what is printed, and `send` what is typed; see `Terminal`.

    It is open inside `async with`. Iterating ends when the shell does, or when the terminal is closed, which another task
    may do. Without [terminal], `async with` raises a ConfigError.

    Example:
        async with ks.terminal.v1alpha2.connect_pod_terminal("shop", "web-0") as terminal:
            await terminal.send("ls; exit\\n")
            async for text in terminal:
                print(text, end="")
    """

    def __init__(self, operation: str, open_stream: Callable[[dict[str, str]], Awaitable[Response]]) -> None:
        self._frames = Frames(operation)
        self._operation = operation
        self._open = open_stream
        self._response: Response | None = None
        self._session: Any = None  # httpx_ws.AsyncWebSocketSession
        self._over = False

    def __repr__(self) -> str:
        return _shown(self)

    async def __aenter__(self) -> Self:
        module = _httpx_ws()
        self._frames.check_unused(self._response)
        response = await self._open(self._frames.handshake())
        try:
            if response.status_code != 101:
                with translated(self._operation, answered=True):
                    await response.aread()
            stream = self._frames.opened(response)
            session = module.AsyncWebSocketSession(stream, keepalive_ping_interval_seconds=None)
            self._response, self._session = response, await session.__aenter__()
        except BaseException:
            await response.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session is not None and self._response is not None:
            self._over = True
            # Without the error, which the session would put into a group.
            with suppress(*_closed_errors()):
                await self._session.__aexit__(None, None, None)
            await self._response.aclose()

    async def send(self, text: str) -> None:
        """Type a text; see `Terminal.send`."""
        for frame in self._frames.input(text):
            await self._write(frame)

    async def resize(self, rows: int, cols: int) -> None:
        """Tell the shell how large the terminal is, 1 to 65,535 each."""
        await self._write(self._frames.resize(rows, cols))

    async def __aiter__(self) -> AsyncIterator[str]:
        if self._session is None or self._response is None:
            raise ClientClosedError(_NOT_OPEN)
        module = _httpx_ws()
        while not self._over:
            try:
                frame = await self._session.receive_text()
            except (module.WebSocketDisconnect, module.WebSocketNetworkError):
                self._over = True
                return
            yield self._frames.output(frame, self._response)

    async def close(self) -> None:
        """Close the terminal, which ends its shell. Another task may call this."""
        if self._session is not None:
            with suppress(*_closed_errors()):
                await self._session.close()

    async def _write(self, frame: str) -> None:
        if self._session is None:
            raise ClientClosedError(_NOT_OPEN)
        try:
            await self._session.send_text(frame)
        except _closed_errors():
            raise ClientClosedError(_ENDED) from None


def _shown(terminal: Terminal | AsyncTerminal) -> str:
    state = "ended" if terminal._over else "not open" if terminal._session is None else "open"
    return f"<{type(terminal).__name__}, {state}>"


def _httpx_ws() -> Any:
    """
    Raises:
        ConfigError: it is not installed.
    """
    try:
        return import_module("httpx_ws")
    except ImportError:
        raise ConfigError('A terminal needs httpx-ws: pip install "kubesphere-client[terminal]".') from None


def _closed_errors() -> tuple[type[Exception], ...]:
    """What is raised where a session that is closed is written to."""
    return _httpx_ws().HTTPXWSException, import_module("wsproto.utilities").LocalProtocolError


def _goodbye() -> Any:
    return import_module("wsproto.events").CloseConnection(1000)
