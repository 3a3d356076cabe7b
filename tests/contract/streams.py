"""Raw streams of a recording: status line, headers and chunks as they came over the wire."""

from __future__ import annotations

import re

import h11

from tests.contract.exchange import Answer

_CHUNK = re.compile(rb"(?:\A|\r\n)([0-9A-Fa-f]{1,8})\r\n")
# What speaks of the connection and not of the answer.
_FRAMING = frozenset(("connection", "content-length", "date", "keep-alive", "transfer-encoding"))


def streamed(pieces: tuple[bytes, ...]) -> Answer:
    """A raw stream, taken apart as an HTTP client does it.

    Where its framing does not hold, as a text was shortened or replaced in the recording, it is framed anew.

    Raises:
        ValueError: it is no answer.
    """
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("host", "recorded")]))
    client.send(h11.EndOfMessage())
    stream = b"".join(pieces)
    if stream:  # no bytes would mean the end of the connection
        client.receive_data(stream)
    head: h11.Response | None = None
    body = b""
    try:
        while True:
            event = client.next_event()
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                if client.trailing_data[0]:
                    break
                return Answer(head.status_code, _shown(head), body, raw=pieces)
            elif event is h11.NEED_DATA:
                break
    except h11.RemoteProtocolError as error:
        if head is None:
            raise ValueError(f"is no HTTP answer: {error}") from None
    if head is None:
        raise ValueError("holds no whole head of an HTTP answer")
    rest = stream.partition(b"\r\n\r\n")[2]
    names = {name.lower() for name, _ in head.headers}
    return Answer(
        status=head.status_code,
        headers=(
            *((name, value) for name, value in _shown(head) if name.lower() not in _FRAMING),
            *((("Transfer-Encoding", "chunked"),) if b"transfer-encoding" in names else ()),
        ),
        body=b"".join(dechunked(rest)) if b"transfer-encoding" in names else rest,
    )


def _shown(head: h11.Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())


def dechunked(framed: bytes) -> list[bytes]:
    """The data of chunks, found by what stands between them and not by their sizes, which may not hold."""
    parts = _CHUNK.split(framed)
    data = [part for size, part in zip(parts[1::2], parts[2::2], strict=True) if int(size, 16)]
    return [*([parts[0]] if parts[0] else []), *data]
