"""A server on this machine that keeps connections alive and answers every GET with one small object of JSON.

Prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys

_BODY = b'{"metadata":{"name":"admin","creationTimestamp":"2026-11-24T01:46:49Z"},"spec":{"email":"admin@example.org"}}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
_END = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    """Answers as many requests as come; those that are asked here have no body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while _END in self._waiting:
            _, _, self._waiting = self._waiting.partition(_END)
            self._transport.write(_ANSWER)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(_serve())
