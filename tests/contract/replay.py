"""A real HTTP server on loopback: it answers with what was recorded, and keeps what arrived."""

from __future__ import annotations

import socket
import socketserver
import threading
from typing import Any, Self

import h11
from attrs import frozen

from tests.contract.exchange import Answer

# What the replay decides on itself.
_FRAMING = frozenset(("content-length", "date", "keep-alive", "transfer-encoding"))
_PIECE = 65_536


@frozen
class Seen:
    """A request as it came over the wire.

    Attributes:
        target: path and query, not decoded.
        headers: the names are in lower case.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one == name), "")


class Replay:
    """The server. One exchange is played at a time: `expect` says which."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._answer = Answer(None)
        handler = type("Handler", (_Handler,), {"replay": self})
        self._server = _Server(("127.0.0.1", 0), handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def expect(self, answer: Answer) -> None:
        self.seen = []
        self._answer = answer

    def take(self, request: Seen) -> Answer:
        self.seen.append(request)
        return self._answer


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no trouble: what it says of the answer is compared."""


class _Handler(socketserver.BaseRequestHandler):
    replay: Replay
    request: socket.socket

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (seen := self._read()) is not None:
            answer = self.replay.take(seen)
            if answer.status is None:
                return
            for piece in answer.raw or _written(answer, seen.method):
                self.request.sendall(piece)
            if answer.status == 101 or answer.header("Connection").lower() == "close":
                return

    def _read(self) -> Seen | None:
        """The next request; None at the end of the connection."""
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=16 * 1024 * 1024)
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(self.request.recv(_PIECE))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return Seen(
                    method=head.method.decode("ascii"),
                    target=head.target.decode("ascii"),
                    headers=tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers),
                    body=bytes(body),
                )
            else:
                return None


def _written(answer: Answer, method: str) -> list[bytes]:
    """An answer as bytes for the wire."""
    assert answer.status is not None
    body = answer.body or b""
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _FRAMING]
    bodiless = method == "HEAD" or answer.status < 200 or answer.status in (204, 304)
    chunked = "chunked" in answer.header("Transfer-Encoding").lower() and not bodiless
    if chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    elif answer.status >= 200 and answer.status != 204:
        headers.append(("Content-Length", str(len(body))))
    lines = [f"HTTP/1.1 {answer.status} recorded", *(f"{name}: {value}" for name, value in headers), "", ""]
    head = "\r\n".join(lines).encode()
    if bodiless:
        return [head]
    if not chunked:
        return [head, body]
    pieces = [body[start : start + _PIECE] for start in range(0, len(body), _PIECE)]
    return [head, *(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces), b"0\r\n\r\n"]
