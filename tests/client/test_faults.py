"""Whatever goes wrong on the wire, a call ends in a result or a typed error, and leaves no connection behind."""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncKubeSphere,
    DecodeError,
    KubeSphere,
    KubeSphereError,
    NotFoundError,
    RateLimitedError,
    RedirectError,
    ServerError,
)
from tests.client.scripted_server import Answer, ScriptedServer, answer, nothing, resets, says, stalls
from tests.client.tls_server import TlsServer

OK = answer(200, b'{"metadata": {"name": "jane"}}')
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
TIMEOUT = 0.3
# No fault may hold a call for longer: three attempts, their timeouts and the pauses between them.
_DEADLINE = 15.0

# What the server does to every request, and the error that a GET ends in; None where it has a result.
FAULTS: dict[str, tuple[Answer, type[KubeSphereError] | None]] = {
    "closed without a byte": (nothing, APIConnectionError),
    "reset without a byte": (resets(), APIConnectionError),
    "reset in the status line": (resets(b"HTTP/1.1 2"), APIConnectionError),
    "reset in the headers": (resets(b"HTTP/1.1 200 OK\r\nContent-Le"), APIConnectionError),
    "closed in the headers": (says(b"HTTP/1.1 200 OK\r\nContent-Le"), APIConnectionError),
    "reset after the headers": (resets(HEAD), APIConnectionError),
    "closed after the headers": (says(HEAD), APIConnectionError),
    "reset in the body": (resets(HEAD + b'{"metadata": '), APIConnectionError),
    "closed in a chunk": (says(CHUNKED + b'20\r\n{"metadata": '), APIConnectionError),
    "closed between chunks": (says(CHUNKED + b'd\r\n{"metadata": \r\n'), APIConnectionError),
    "a chunk of no size": (says(CHUNKED + b"zz\r\n"), APIConnectionError),
    "silence": (stalls(), APITimeoutError),
    "silence in the headers": (stalls(b"HTTP/1.1 200 OK\r\n"), APITimeoutError),
    "silence in the body": (stalls(HEAD + b"{"), APITimeoutError),
    "half a JSON": (answer(200, b'{"metadata": {"name"'), DecodeError),
    "no JSON": (answer(200, b"<html>proxy</html>"), DecodeError),
    "another encoding than it says": (answer(200, b'{"a": 1}', "Content-Encoding: gzip"), APIConnectionError),
    "too short a Content-Length": (says(answer(200, b'{"metadata": {"name": "jane"}}', length=5)), DecodeError),
    "too long a Content-Length": (says(answer(200, b"{}", length=500)), APIConnectionError),
    "a Content-Length that is none": (says(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"), APIConnectionError),
    "no HTTP": (says(b"SSH-2.0-OpenSSH_8.9\r\n"), APIConnectionError),
    "500": (answer(500), ServerError),
    "502": (answer(502, b""), ServerError),
    "503": (answer(503), ServerError),
    "503 and when to come back": (answer(503, b"", "Retry-After: 0"), ServerError),
    "503 and a long time": (answer(503, b"", "Retry-After: 86400"), ServerError),
    "429": (answer(429), RateLimitedError),
    "429 and when to come back": (answer(429, b"", "Retry-After: 0"), RateLimitedError),
    "404 with a body that stops": (answer(404, b"", length=0), NotFoundError),
    "a redirect": (answer(302, b"", "Location: /elsewhere"), RedirectError),
    "a success": (OK, None),
}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubesphere_client._retry.backoff", lambda attempt: 0.01)


@pytest.fixture
def within() -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Makes a call in a thread, and gives it up when it hangs."""
    pool = concurrent.futures.ThreadPoolExecutor()
    yield lambda call: pool.submit(call).result(_DEADLINE)
    pool.shutdown(wait=False)


def settings(**more: Any) -> dict[str, Any]:
    return {"token": "token-001", "timeout": TIMEOUT, "trust_env": False, **more}


def connections(ks: Any) -> list[Any]:
    """The connections that a client holds and that do not wait for the next call."""
    pool = ks._sender._connections._client._transport._pool
    return [one for one in pool.connections if not (one.is_idle() or one.is_closed())]


def operation(ks: Any, method: str) -> Any:
    if method == "GET":
        return ks.iam.v1alpha2.get_user("jane")
    if method == "POST":
        return ks.iam.v1alpha2.create_user({"metadata": {"name": "jane"}})
    return ks.iam.v1alpha2.delete_user("jane")


def fits(kind: type[KubeSphereError] | None, method: str, error: KubeSphereError | None) -> bool:
    """Whether a call ended as the fault says; other methods than GET may end in another typed error, or a success."""
    if kind is None:
        return error is None
    if method != "GET":
        return True
    return isinstance(error, kind) and getattr(error, "operation", "") == "iam.v1alpha2.get_user"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_ends_and_leaves_nothing(fault: str, method: str, within: Any) -> None:
    what, kind = FAULTS[fault]
    with ScriptedServer(what) as server, KubeSphere(server.url, **settings()) as ks:
        error: KubeSphereError | None = None
        try:
            within(lambda: operation(ks, method))
        except KubeSphereError as raised:
            error = raised
        assert fits(kind, method, error), repr(error)
        assert connections(ks) == []
        # The client is as good as new.
        server.answers = [OK]
        assert ks.iam.v1alpha2.get_user("jane").metadata.name == "jane"


def drips(connection: socket.socket) -> None:
    """Begin an answer of which a byte comes now and then, without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\n \r\n")
        threading.Event().wait(0.05)


def floods(connection: socket.socket) -> None:
    """Begin an answer that comes fast, without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def test_a_body_that_drips_without_end_ends(within: Any) -> None:
    with ScriptedServer(drips) as server, KubeSphere(server.url, **settings()) as ks:
        with pytest.raises(APITimeoutError, match=r"only \d+ bytes came in"):
            within(lambda: operation(ks, "GET"))
        assert connections(ks) == []


def test_a_body_that_drips_without_end_ends_an_async_call() -> None:
    async def run(server: ScriptedServer) -> None:
        async with AsyncKubeSphere(server.url, **settings()) as ks:
            with pytest.raises(APITimeoutError, match=r"only \d+ bytes came in"):
                await asyncio.wait_for(operation(ks, "GET"), _DEADLINE)
            assert connections(ks) == []

    with ScriptedServer(drips) as server:
        asyncio.run(run(server))


@pytest.mark.parametrize(("fault", "kind"), [(drips, APITimeoutError), (floods, APIConnectionError)])
def test_a_login_without_end_ends(fault: Any, kind: type[Exception], within: Any) -> None:
    with ScriptedServer(fault) as server:
        more = {"token": None, "username": "jane", "password": "P@88w0rd"}
        with KubeSphere(server.url, **settings(**more)) as ks, pytest.raises(kind):
            within(lambda: operation(ks, "GET"))


def test_a_refusal_that_breaks_off_is_a_typed_error_in_every_view() -> None:
    half = says(b"HTTP/1.1 500 Said\r\nContent-Length: 50\r\n\r\nhalf")
    with ScriptedServer(half) as server, KubeSphere(server.url, **settings(max_retries=0)) as ks:
        with pytest.raises(APIConnectionError, match="broke off"):
            ks.with_streaming_response.iam.v1alpha2.get_user("jane")
        with pytest.raises(APIConnectionError, match="broke off"):
            ks.kubernetes.logs("jane", namespace="demo")
        assert connections(ks) == []


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_async_call_ends_and_leaves_nothing(fault: str, method: str) -> None:
    what, kind = FAULTS[fault]

    async def run(server: ScriptedServer) -> None:
        async with AsyncKubeSphere(server.url, **settings()) as ks:
            error: KubeSphereError | None = None
            try:
                await asyncio.wait_for(operation(ks, method), _DEADLINE)
            except KubeSphereError as raised:
                error = raised
            assert fits(kind, method, error), repr(error)
            assert connections(ks) == []
            server.answers = [OK]
            assert (await ks.iam.v1alpha2.get_user("jane")).metadata.name == "jane"

    with ScriptedServer(what) as server:
        asyncio.run(run(server))


def test_redirects_without_end_end(within: Any) -> None:
    around = answer(302, b"", "Location: /kapis/iam.kubesphere.io/v1alpha2/users/jane")
    with ScriptedServer(around) as server, KubeSphere(server.url, **settings(follow_redirects=True)) as ks:
        with pytest.raises(APIConnectionError, match="redirects"):
            within(lambda: ks.iam.v1alpha2.get_user("jane"))
        assert connections(ks) == []
    assert len(server.requests) == 21


@pytest.mark.parametrize("fault", ["closed in a chunk", "reset in the body", "silence in the body", "half a JSON"])
def test_the_login_ends_too(fault: str, within: Any) -> None:
    what, _ = FAULTS[fault]
    login = {"username": "jane", "password": "x", "timeout": TIMEOUT, "trust_env": False}
    with ScriptedServer(what) as server, KubeSphere(server.url, **login) as ks:
        with pytest.raises(KubeSphereError):
            within(lambda: ks.iam.v1alpha2.get_user("jane"))
        assert connections(ks) == []
    assert server.methods() == ["POST"]


def test_a_stream_that_breaks_off_is_an_error_and_closed(within: Any) -> None:
    with ScriptedServer(resets(HEAD + b'{"metadata": ')) as server, KubeSphere(server.url, **settings()) as ks:

        def read() -> bytes:
            with ks.with_streaming_response.iam.v1alpha2.get_user("jane") as response:
                return b"".join(response.iter_bytes())

        with pytest.raises(APIConnectionError, match=r"^the answer from http://127\.0\.0\.1:\d+ broke off: "):
            within(read)
        assert connections(ks) == []


def test_connections_are_gone_when_a_client_is_closed() -> None:
    with ScriptedServer(OK) as server:
        with KubeSphere(server.url, **settings()) as ks:
            threads = [threading.Thread(target=ks.iam.v1alpha2.get_user, args=("jane",)) for _ in range(5)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        until = time.monotonic() + 5
        while server.open and time.monotonic() < until:
            time.sleep(0.01)
        assert server.open == 0


def test_a_certificate_that_nobody_vouches_for_is_refused_once(certificate: Path, within: Any) -> None:
    with TlsServer(certificate, OK) as server, KubeSphere(server.url, **settings(timeout=5)) as ks:
        with pytest.raises(APIConnectionError, match="certificate"):
            within(lambda: ks.iam.v1alpha2.get_user("jane"))
        assert (server.handshakes, server.requests) == (1, [])


def test_a_certificate_that_is_vouched_for_is_taken(certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate / "cert.pem")
    with TlsServer(certificate, OK) as server, KubeSphere(server.url, **settings(verify=trust, timeout=5)) as ks:
        assert ks.iam.v1alpha2.get_user("jane").metadata.name == "jane"


def test_plain_http_where_tls_is_spoken_is_a_typed_error(certificate: Path, within: Any) -> None:
    with TlsServer(certificate, OK) as server:
        plain = server.url.replace("https:", "http:")
        with KubeSphere(plain, **settings(timeout=2)) as ks, pytest.raises(APIConnectionError):
            within(lambda: ks.iam.v1alpha2.get_user("jane"))


def test_tls_where_plain_http_is_spoken_is_a_typed_error(within: Any) -> None:
    with ScriptedServer(OK) as server:
        secure = server.url.replace("http:", "https:")
        with KubeSphere(secure, **settings(timeout=2, max_retries=0)) as ks, pytest.raises(APIConnectionError):
            within(lambda: ks.iam.v1alpha2.get_user("jane"))


def test_no_address_is_a_typed_error() -> None:
    with KubeSphere("http://nowhere.invalid", **settings()) as ks, pytest.raises(APIConnectionError) as error:
        ks.iam.v1alpha2.get_user("jane")
    assert isinstance(error.value.__cause__, httpx.ConnectError)
