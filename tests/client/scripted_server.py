"""A server that answers each request as a test tells it to, down to the bytes, over real connections."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeAlias

Answer: TypeAlias = "bytes | Callable[[socket.socket], None]"


class ScriptedServer:
    """Takes connections on loopback; each request gets the next answer, the last answer for ever.

    An answer is the bytes to send, after which the connection stays open, or a function of the socket, after which
    it is closed.
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.open = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def methods(self) -> list[str]:
        return [request.split(b" ", 1)[0].decode() for request in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.open += 1
        try:
            with connection, contextlib.suppress(OSError):
                while (request := _request(connection)) is not None:
                    with self._lock:
                        self.requests.append(request)
                        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                    if callable(answer):
                        answer(connection)
                        return
                    connection.sendall(answer)
        finally:
            with self._lock:
                self.open -= 1


def answer(status: int, body: bytes = b"{}", *headers: str, length: int | None = None) -> bytes:
    """A whole answer, or one that is wrong about its length."""
    lines = [
        f"HTTP/1.1 {status} Said",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(content: bytes) -> Callable[[socket.socket], None]:
    """Send some bytes and close."""
    return lambda connection: connection.sendall(content)


def nothing(connection: socket.socket) -> None:
    """Close without a byte, as the server does when a handler panics."""


def resets(content: bytes = b"") -> Callable[[socket.socket], None]:
    """Send some bytes and break the connection."""

    def reset(connection: socket.socket) -> None:
        connection.sendall(content)
        if content:
            threading.Event().wait(0.05)  # a reset would overtake what was sent
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return reset


def stalls(content: bytes = b"", *, seconds: float = 3.0) -> Callable[[socket.socket], None]:
    """Send some bytes and then no more for a while."""

    def stall(connection: socket.socket) -> None:
        connection.sendall(content)
        connection.settimeout(seconds)
        with contextlib.suppress(OSError):
            connection.recv(1)  # ends at once when the client goes

    return stall


def _request(connection: socket.socket) -> bytes | None:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65_536)
        if not chunk:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65_536)
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
