"""A server on loopback that speaks as ks-apiserver was recorded to speak: tokens, refusals, lists, watches."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from attrs import define, field, frozen

TEXT = "text/plain; charset=utf-8"
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
NODES = "/kapis/resources.kubesphere.io/v1alpha3/nodes"
TEMPLATES = "/kapis/tenant.kubesphere.io/v1alpha2/workspaces"
WORKSPACES = "/apis/tenant.kubesphere.io/v1alpha1/workspaces"
VERSION = "/kapis/version"


@frozen
class Seen:
    """A request as it came over the wire."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@frozen
class Answer:
    """An answer; with `drop` the connection is closed without a byte, as after a panic (recording res-111),
    and with `broken` it is closed before the chunks end."""

    status: int = 200
    body: bytes = b""
    media: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    chunks: tuple[bytes | float, ...] | None = None
    drop: bool = False
    broken: bool = False
    delay: float = 0.0


def text(status: int, body: str) -> Answer:
    return Answer(status, body.encode(), TEXT)


def data(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body, indent=1).encode())


def kubernetes_status(code: int, reason: str, message: str) -> Answer:
    fields = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    return data({**fields, "message": message, "reason": reason, "code": code}, code)


def events(*lines: Any) -> tuple[bytes, ...]:
    return tuple(json.dumps(line).encode() + b"\n" for line in lines)


@define
class FakeServer:
    """What the server knows and how it is set up; everything can be changed while it runs.

    Args:
        multiple_login: False makes each login and refresh revoke all other tokens, as the Go default does
            (recordings short-04 to short-10).
        lifetime: what `expires_in` says; None leaves it out (recording short-20).
        lock_after: failed logins after which the account is locked (recordings lockout-00 to lockout-13).
        hold: what the token endpoint waits for before it answers.
        basic: whether user name and password can go with a call.
    """

    multiple_login: bool = True
    lifetime: float | None = 7200
    lock_after: int = 10
    token_delay: float = 0.0
    hold: threading.Event | None = None
    refuse_refresh: bool = False
    basic: bool = False
    passwords: dict[str, str] = field(factory=lambda: {"admin": "P@88w0rd"})
    inactive: set[str] = field(factory=set)
    objects: dict[str, list[dict[str, Any]]] = field(factory=dict)
    answers: dict[tuple[str, str], Answer | Callable[[Seen], Answer]] = field(factory=dict)
    seen: list[Seen] = field(factory=list)
    connections: int = 0
    open_connections: int = 0
    _lock: threading.RLock = field(factory=threading.RLock)
    _tokens: dict[str, str] = field(factory=dict)
    _failures: int = 0
    _issued: int = 0
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def grants(self) -> list[str]:
        """What the token endpoint was asked for, in order."""
        return [one.form.get("grant_type", "") for one in self.seen if one.path == "/oauth/token"]

    def calls(self, path: str) -> list[Seen]:
        return [one for one in self.seen if one.path == path]

    def expire(self) -> None:
        """Let all access tokens expire; refresh tokens live longer (recording short-16)."""
        with self._lock:
            self._tokens = {token: kind for token, kind in self._tokens.items() if kind == "refresh"}

    def issue(self) -> str:
        """A token that did not come from a login."""
        with self._lock:
            return self._new_tokens()[0]

    def answer(self, request: Seen) -> Answer:
        with self._lock:
            self.seen.append(request)
            refusal = self._filter(request)
            if refusal is not None:
                return refusal
            scripted = self.answers.get((request.method, request.path))
        if scripted is not None:
            return scripted(request) if callable(scripted) else scripted
        if request.path == "/oauth/token":
            return self._token(request)
        with self._lock:
            return self._api(request)

    def _filter(self, request: Seen) -> Answer | None:
        """Authentication comes first, on every path (evidence/auth.md §1)."""
        given = request.headers.get("authorization", "")
        scheme, _, token = given.partition(" ")
        if self.basic and scheme == "Basic":
            return self._refused_pair(b64decode(token).decode())
        if given and (scheme.lower() != "bearer" or self._tokens.get(token) is None):
            return kubernetes_status(401, "Unauthorized", "Unauthorized: token not found in cache")
        if not given and request.path not in ("/oauth/token", VERSION):
            message = 'users.iam.kubesphere.io is forbidden: User "system:anonymous" cannot list resource "users"'
            return kubernetes_status(403, "Forbidden", message)
        return None

    def _refused_pair(self, pair: str) -> Answer | None:
        user, _, password = pair.partition(":")
        if self._failures >= self.lock_after:
            return kubernetes_status(429, "TooManyRequests", "Unauthorized: auth rate limit exceeded")
        if self.passwords.get(user) == password:
            return None
        self._failures += 1
        return kubernetes_status(401, "Unauthorized", "Unauthorized: incorrect password")

    def _token(self, request: Seen) -> Answer:
        if request.method != "POST":
            return text(405, "405: Method Not Allowed")
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return text(415, "415: Unsupported Media Type")
        form = request.form
        with self._lock:
            refusal = self._refused(form)
            issued = None if refusal else self._new_tokens()
        time.sleep(self.token_delay)
        if self.hold is not None:
            self.hold.wait(5)
        if refusal is not None or issued is None:
            return refusal or text(500, "")
        answer = {"access_token": issued[0], "token_type": "Bearer", "refresh_token": issued[1]}
        return data(answer if self.lifetime is None else {**answer, "expires_in": self.lifetime})

    def _refused(self, form: Mapping[str, str]) -> Answer | None:
        grant = form.get("grant_type", "")
        if grant == "refresh_token":
            known = self._tokens.get(form.get("refresh_token", "")) is not None
            return None if known and not self.refuse_refresh else text(401, "Unauthorized: token not found in cache")
        if grant != "password":
            return text(400, f"Grant type {grant} is not supported")
        if self._failures >= self.lock_after:
            return text(429, "Unauthorized: auth rate limit exceeded")
        user = form.get("username", "")
        if user in self.inactive:
            return text(500, "Internal error occurred: account is not active")
        if self.passwords.get(user) != form.get("password"):
            self._failures += 1
            return text(401, "Unauthorized: incorrect password")
        return None

    def _new_tokens(self) -> tuple[str, str]:
        if not self.multiple_login:
            self._tokens.clear()
        self._issued += 1
        access, refresh = f"access-{self._issued:03}", f"refresh-{self._issued:03}"
        self._tokens |= {access: "access", refresh: "refresh"}
        return access, refresh

    def _api(self, request: Seen) -> Answer:
        if request.path == VERSION:
            return data({"gitVersion": "v3.0.0"})
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        if request.path in self.objects:
            if request.method == "POST":
                self.objects[request.path].append(json.loads(request.body))
                return Answer(200, request.body)
            return self._list(self.objects[request.path], query, continued=request.path.startswith("/apis/"))
        folder, _, name = request.path.rpartition("/")
        for one in self.objects.get(folder, ()):
            if one["metadata"]["name"] == unquote(name):
                return data(one)
        if folder == TEMPLATES:  # recording crud-055
            return text(404, f'workspacetemplate.tenant.kubesphere.io "{unquote(name)}" not found\n')
        return text(404, "404: Page Not Found")

    def _list(self, objects: list[dict[str, Any]], query: Mapping[str, str], *, continued: bool) -> Answer:
        limit = int(query.get("limit", -1))
        if continued:
            start = int(query.get("continue", 0))
            end = start + limit if limit > 0 else len(objects)
            metadata = {"resourceVersion": "7", **({"continue": str(end)} if end < len(objects) else {})}
            return data({"apiVersion": "v1", "kind": "List", "metadata": metadata, "items": objects[start:end]})
        start = (int(query.get("page", 1)) - 1) * limit if limit > 0 else 0
        if start > 0 and start >= len(objects):  # recording more-res-s2i-029
            return Answer(drop=True)
        page = objects[start : start + limit] if limit >= 0 else objects
        return data({"items": page, "totalItems": len(objects)})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        with self.fake._lock:
            self.fake.connections += 1
            self.fake.open_connections += 1
        super().setup()

    def finish(self) -> None:
        with self.fake._lock:
            self.fake.open_connections -= 1
        super().finish()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.fake.answer(Seen(self.command, parts.path, parts.query, headers, body))
        time.sleep(answer.delay)
        if answer.drop:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.chunks is None:
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        else:
            self._stream(answer.chunks, broken=answer.broken)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _stream(self, chunks: tuple[bytes | float, ...], *, broken: bool) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            if isinstance(chunk, float):
                time.sleep(chunk)
            else:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if broken:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests look at what was seen."""
