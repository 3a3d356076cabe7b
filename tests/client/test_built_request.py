"""The requests of calls are the ones that httpx's client would build, although it is not what builds them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kubesphere_client import KubeSphere
from kubesphere_client._api import USER_AGENT

SERVER = "http://10.0.0.1:30881"
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
CLIENTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "with headers": {"headers": {"X-Tenant": "one", "User-Agent": "tool/1", "Accept": "text/plain"}},
    "with a header twice": {"headers": [("X-Tenant", "one"), ("x-tenant", "two")]},
    "with a header that is not ASCII": {"headers": {"X-Tenant": "häuser".encode()}},
    "with a Host": {"headers": {"Host": "ks.example"}},
    "with cookies": {"cookies": {"session": "one"}},
    "with parameters": {"params": {"tenant": "one"}},
    "with a timeout": {"timeout": httpx.Timeout(3.0, read=None)},
}
METHODS = ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH", "get"]
BODIES = {"no body": lambda: None, "bytes": lambda: b'{"a":1}', "an iterator": lambda: iter([b"a", b"b"])}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("settings", CLIENTS.values(), ids=CLIENTS)
def test_a_call_sends_what_its_client_would_build(settings: dict[str, Any], method: str, body: Any) -> None:
    with client(**settings) as http_client:
        headers = {"accept": "application/json, */*"}
        if http_client.headers["user-agent"].startswith("python-httpx/"):
            headers["user-agent"] = USER_AGENT
        expected = http_client.build_request(method, SERVER + USERS, headers=headers, content=body())
        assert seen(sent(http_client, method, body=body())) == seen(expected)


def test_headers_that_a_client_is_given_later_are_sent_too() -> None:
    with client(headers={"X-Tenant": "one"}) as http_client:
        sent(http_client)
        http_client.headers["X-Tenant"] = "two"
        assert sent(http_client).headers["X-Tenant"] == "two"
        del http_client.headers["X-Tenant"]
        assert "X-Tenant" not in sent(http_client).headers


def test_headers_of_a_call_are_of_that_call_alone() -> None:
    with client(headers={"X-Tenant": "one"}) as http_client:
        assert sent(http_client, headers={"x-tenant": "two", "host": "other"}).headers["X-Tenant"] == "two"
        assert sent(http_client).headers["X-Tenant"] == "one"
        assert sent(http_client).headers.get_list("Host") == ["10.0.0.1:30881"]


def client(**settings: Any) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)), **settings)


def sent(http_client: httpx.Client, method: str = "GET", **arguments: Any) -> httpx.Request:
    ks = KubeSphere(SERVER, auth=None, http_client=http_client)
    return ks.request(method, USERS, **arguments).request


def seen(request: httpx.Request) -> Any:
    headers = sorted((name.lower(), text) for name, text in request.headers.raw)
    content, kind = request.read(), type(request.stream)
    return request.method, request.url, request.headers.raw[0], headers, content, kind, request.extensions
