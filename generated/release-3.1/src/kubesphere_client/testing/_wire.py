"""HTTP/1.1 on loopback: reads requests, writes answers, and breaks connections where a test asks for it."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from kubesphere_client.testing._faults import Fault
from kubesphere_client.testing._messages import TEXT, Answer, ReceivedRequest

Respond = Callable[[ReceivedRequest], tuple[Answer, Fault | None]]
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_GONE = (BrokenPipeError, ConnectionResetError, ConnectionAbortedError, TimeoutError)


class Server(ThreadingHTTPServer):
    """One thread a connection; counts connections, so that tests can see leaks."""

    daemon_threads = True
    # 200 clients may come at once.
    request_queue_size = 1024

    def __init__(self, respond: Respond, stopping: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self.stopping = stopping
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._idle = threading.Condition()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def open_connections(self) -> int:
        with self._idle:
            return len(self._open)

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether all connections were closed by their clients within this time."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._open, seconds)

    def stop(self) -> None:
        """Close all connections and free the port."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._idle:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.wait_until_idle(5)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._idle:
            self.connections += 1
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._idle:
                self._open.discard(request)
                self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self) -> None:
        try:
            received = self._received()
        except ValueError:  # a chunk without a size, or what calls itself gzip and is not
            self.close_connection = True
            return
        if _BAD_ESCAPE.search(self.path):  # recording odd-014
            self._send(Answer(400, b"400 Bad Request", TEXT, {"Connection": "close"}))
            self.close_connection = True
            return
        answer, fault = self._serving.respond(received)
        try:
            self._write(answer, fault)
            self.wfile.flush()
        except _GONE:
            self.close_connection = True

    def __getattr__(self, name: str) -> Any:
        """Any other method is answered too: with 405, as a rule (recordings odd-032, odd-036)."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    @property
    def _serving(self) -> Server:
        assert isinstance(self.server, Server)
        return self.server

    def _received(self) -> ReceivedRequest:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return ReceivedRequest(self.command, unquote(parts.path), parts.query, headers, self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _write(self, answer: Answer, fault: Fault | None) -> None:
        breakage = fault.breakage if fault is not None else None
        match breakage:
            case "silence":
                self._wait_for_the_client()
            case "closed" | "reset":
                self._end(reset=breakage == "reset")
            case "redirect-loop":
                self._send(Answer(302, headers={"Location": self.path}))
            case _ if answer.dropped:
                self._end(reset=False)
            case "reset-in-headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
                self._end(reset=True)
            case None:
                self._send(answer)
            case _:
                self._broken_body(answer, breakage, fault.delay if fault is not None else 0.0)

    def _broken_body(self, answer: Answer, breakage: str, delay: float) -> None:
        body = answer.body if answer.stream is None else b"".join(answer.stream)
        half = body[: len(body) // 2]
        match breakage:
            case "half-body":
                self._send(Answer(answer.status, half, answer.media, answer.headers))
            case "slow-body":
                self._head(answer, len(body))
                for position in range(len(body)):
                    self.wfile.flush()
                    if self._client_left(delay):
                        self.close_connection = True
                        return
                    self.wfile.write(body[position : position + 1])
            case "reset-in-body":
                self._head(answer, len(body))
                self.wfile.write(half)
                self._end(reset=True)
            case _:
                self._head(answer, max(0, len(body) + (10 if breakage == "length-too-long" else -10)))
                self.wfile.write(body)
                self._end(reset=False)

    def _send(self, answer: Answer) -> None:
        if answer.upgrade is not None:
            self._head(answer, None)
            self.wfile.flush()
            answer.upgrade(self.rfile, self.wfile)
            self.close_connection = True
        elif answer.stream is None:
            self._head(answer, len(answer.body))
            if self.command != "HEAD":
                self.wfile.write(answer.body)
        else:
            answer.headers["Transfer-Encoding"] = "chunked"
            self._head(answer, None)
            self.wfile.flush()
            self._stream(answer.stream)

    def _stream(self, stream: Iterator[bytes]) -> None:
        """Write chunk after chunk; an empty one only asks whether the client is still there."""
        try:
            for chunk in stream:
                if chunk:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                    self.wfile.flush()
                elif self._client_left(0):
                    self.close_connection = True
                    return
            self.wfile.write(b"0\r\n\r\n")
        except StreamBroken:
            self.wfile.flush()
            self._end(reset=False)
        finally:
            if isinstance(stream, Generator):
                stream.close()

    def _head(self, answer: Answer, length: int | None) -> None:
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        if answer.media:
            self.send_header("Content-Type", answer.media)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _end(self, *, reset: bool) -> None:
        """Close the connection; with `reset` the client gets a TCP reset and no orderly end."""
        self.wfile.flush()
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _client_left(self, seconds: float) -> bool:
        self.connection.settimeout(seconds)
        try:
            return not self.connection.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, TimeoutError):
            return False
        finally:
            self.connection.settimeout(None)

    def _wait_for_the_client(self) -> None:
        while not self._serving.stopping.is_set() and not self._client_left(0.05):
            pass
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests look at what was received."""


class StreamBroken(Exception):
    """A stream ends here without its last chunk, as when a proxy gives up."""
