"""What goes over the wire: a request as it came, and an answer to be sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qs, parse_qsl

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it came over the wire.

    Attributes:
        path: decoded, without the query.
        query: the raw query string.
        headers: by lower-case name; of a repeated header the last one.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """The query by name; of a repeated name the last value, as the server's filters do (recording res-099)."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was posted."""
        text = self.body.decode("utf-8", "replace")
        return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}

    def json(self) -> Any:
        """The body, decoded.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    """Python would take NaN for JSON."""
    raise ValueError(f"{constant} is not JSON")


@dataclass
class Answer:
    """An answer. With `dropped` the connection is closed without a byte, as after a panic (recording res-111).

    A `stream` is sent in chunks, each as soon as it is there. `upgrade` takes over the connection after the headers.
    """

    status: int = 200
    body: bytes = b""
    media: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    dropped: bool = False
    upgrade: Callable[[BufferedIOBase, BufferedIOBase], None] | None = None


DROPPED = Answer(dropped=True)


def data(value: Any, status: int = 200) -> Answer:
    """JSON as the /kapis routes write it, indented by one."""
    return Answer(status, json.dumps(value, indent=1, ensure_ascii=False).encode())


def success() -> Answer:
    """What most writes of /kapis answer that return no object (recording crud-030)."""
    return data({"message": "success"})


def compact(value: Any, status: int = 200) -> Answer:
    """JSON as Kubernetes writes it."""
    return Answer(status, compact_line(value))


def compact_line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def refusal(status: int, message: str) -> Answer:
    """The error text of a /kapis handler: HTML-escaped and with a newline (recording odd-018)."""
    body = escape(message, quote=False) + "\n"
    return Answer(status, body.encode(), TEXT, {"X-Content-Type-Options": "nosniff"})


def plain(status: int, message: str) -> Answer:
    """The error text of /oauth and of the router: as it stands, without a newline (recording oauth-04)."""
    return Answer(status, message.encode(), TEXT)


def kubernetes_status(code: int, reason: str, message: str, details: JsonObject | None = None) -> Answer:
    """A failure as a Status object."""
    status: JsonObject = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    status |= {"reason": reason} if reason else {}
    status |= {"details": details} if details is not None else {}
    return compact({**status, "code": code}, code)


def page_not_found() -> Answer:
    """No route of /kapis or /oauth has this path (recording oauth-36)."""
    return plain(404, "404: Page Not Found")


def path_not_found() -> Answer:
    """The path belongs to no route and is not proxied either (recording proxy-017)."""
    return Answer(404, b"404 page not found\n", TEXT, {"X-Content-Type-Options": "nosniff"})


def method_not_allowed() -> Answer:
    return plain(405, "405: Method Not Allowed")
