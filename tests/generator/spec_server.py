"""A real HTTP server on this machine that answers as a test tells it to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class SpecServer:
    """Answers each path with the next of the answers given for it; the last one is repeated."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []

    def at(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)


def content(data: bytes, **headers: str) -> Answer:
    """200 with some bytes; the names of headers are written with underscores."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def status(code: int, **headers: str) -> Answer:
    """An answer without a body; the names of headers are written with underscores."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def truncated(data: bytes) -> Answer:
    """200 that promises more bytes than come."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data) + 10))
        handler.end_headers()
        handler.wfile.write(data)
        handler.close_connection = True

    return answer


def in_pieces(data: bytes, before_each: Callable[[], None]) -> Answer:
    """200 byte by byte."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        try:
            for byte in data:
                before_each()
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
        except OSError:
            handler.close_connection = True

    return answer


@contextmanager
def serving() -> Iterator[SpecServer]:
    """A server for the length of a `with` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            spec_server.asked.append(self.path)
            answers = spec_server.answers.get(self.path, [status(404)])
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

        do_CONNECT = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # a client that has enough just goes
                super().handle_error(request, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        spec_server = SpecServer(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield spec_server
        finally:
            server.shutdown()
            thread.join()
