"""`request()`: any method and any address of the server."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    APIConnectionError,
    AsyncKubeSphere,
    InvalidArgumentError,
    KubeSphere,
    NotAuthenticatedError,
    NotFoundError,
    RedirectError,
    ServerError,
    UnexpectedStatusError,
)
from kubesphere_client.models import ObjectMeta
from tests.client.fake_server import TEXT, Answer, FakeServer, data, text

CONFIG_MAPS = "/api/v1/namespaces/demo/configmaps"


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    for method in ("GET", "POST", "PATCH", "FOO"):
        server.answers[method, CONFIG_MAPS] = lambda seen: Answer(200, seen.body or b'{"items": []}')
    with KubeSphere(server.url, token=server.issue()) as ks:
        yield ks


def test_it_returns_the_answer_and_sends_the_token(ks: KubeSphere, server: FakeServer) -> None:
    answer = ks.request("GET", CONFIG_MAPS)

    assert isinstance(answer, httpx.Response)
    assert answer.json() == {"items": []}
    (seen,) = server.seen
    assert seen.headers["authorization"].startswith("Bearer access-")
    assert seen.headers["accept"] == "application/json, */*"
    assert "content-type" not in seen.headers


def test_async_too(server: FakeServer) -> None:
    server.answers["GET", CONFIG_MAPS] = data({"items": []})
    server.answers["GET", "/nope"] = text(404, "404 page not found\n")

    async def run() -> Any:
        async with AsyncKubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            with pytest.raises(NotFoundError):
                await ks.request("GET", "/nope")
            return await ks.request("GET", CONFIG_MAPS, query={"limit": 1})

    assert asyncio.run(run()).json() == {"items": []}
    assert server.seen[-1].query == "limit=1"
    assert server.grants() == ["password"]


@pytest.mark.parametrize(
    ("address", "query", "sent"),
    [
        ("/a", None, "/a"),
        ("/a/", None, "/a/"),
        ("/a%2Fb/%41+c;d:e", None, "/a%2Fb/%41+c;d:e"),
        ("//a", None, "//a"),
        ("/ä b", None, "/%C3%A4%20b"),
        ("/a?x=1%2C2;y", None, "/a?x=1%2C2;y"),
        ("/a?x=ä b", None, "/a?x=%C3%A4%20b"),
        ("/a", {"x": [1, True], "y": None, "z": "a b&c"}, "/a?x=1&x=true&z=a%20b%26c"),
        ("/a?x=1", {"y": 2}, "/a?x=1&y=2"),
        ("/a?x=../b", None, "/a?x=../b"),
    ],
)
def test_an_address_goes_over_the_wire_as_it_is(address: str, query: Any, sent: str) -> None:
    seen = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(204)

    with KubeSphere("http://h/prefix", auth=None, transport=httpx.MockTransport(transport)) as ks:
        assert ks.request("DELETE", address, query=query).status_code == 204
    assert seen == [f"/prefix{sent}"]


@pytest.mark.parametrize(
    ("method", "address", "says"),
    [
        ("GET", "", 'must start with "/"'),
        ("GET", "a", 'must start with "/"'),
        ("GET", "http://elsewhere/a", 'must start with "/"'),
        ("GET", "/a#b", "%23"),
        ("GET", "/a\nb", "control characters"),
        ("GET", "/%zz", "%25"),
        ("GET", "/a?b=%", "%25"),
        ("GET", "/\ud800", "Unicode"),
        ("GET", "/a/../b", "steps"),
        ("GET", "/a/%2e%2E/b", "steps"),
        ("GET", "/a/.", "steps"),
        ("GET", "/a%2f..%2fb", "steps"),
        ("GET ", "/a", "method"),
        ("", "/a", "method"),
    ],
)
def test_what_cannot_be_sent_as_it_is_is_refused(
    ks: KubeSphere, server: FakeServer, method: str, address: str, says: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        ks.request(method, address)
    assert server.seen == []


def test_a_refusal_does_not_show_the_query(ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        ks.request("GET", "/oauth/../callback?code=secret")
    assert "secret" not in str(caught.value)


def test_an_address_that_httpx_does_not_take_is_no_answer(ks: KubeSphere) -> None:
    with pytest.raises(APIConnectionError, match="too long"):
        ks.request("GET", "/a", query={"x": "y" * 70_000})


@pytest.mark.parametrize(
    ("body", "content_type", "sent", "media"),
    [
        ({"a": 1}, None, b'{"a":1}', "application/json"),
        (ObjectMeta(name="demo"), None, b'{"name":"demo"}', "application/json"),
        ([{"op": "test"}], "application/json-patch+json", b'[{"op":"test"}]', "application/json-patch+json"),
        ({"a": None}, "application/merge-patch+json", b'{"a":null}', "application/merge-patch+json"),
        ({"a": "b c"}, "application/x-www-form-urlencoded", b"a=b+c", "application/x-www-form-urlencoded"),
        ("{bad", "application/json; charset=utf-8", b"{bad", "application/json; charset=utf-8"),
        (b"\xff", None, b"\xff", None),
        (io.BytesIO(b"file"), "text/plain", b"file", "text/plain"),
        (None, "application/json", b"", "application/json"),
    ],
)
def test_a_body_is_sent_as_what_it_is(
    ks: KubeSphere, server: FakeServer, body: Any, content_type: str | None, sent: bytes, media: str | None
) -> None:
    ks.request("PATCH", CONFIG_MAPS, body=body, content_type=content_type)

    (seen,) = server.seen
    assert seen.body == sent
    assert seen.headers.get("content-type") == media


def test_the_boundary_of_a_multipart_form_is_kept(ks: KubeSphere, server: FakeServer) -> None:
    ks.request("POST", CONFIG_MAPS, body={"file": b"x"}, content_type="multipart/form-data")

    (seen,) = server.seen
    boundary = seen.headers["content-type"].partition("boundary=")[2]
    assert seen.body.startswith(f"--{boundary}".encode())


def test_headers_win_over_those_of_the_client(ks: KubeSphere, server: FakeServer) -> None:
    headers = {"Accept": "text/html", "Authorization": "Basic YTpi", "X-One": 1}
    with pytest.raises(NotAuthenticatedError):
        ks.request("GET", "/kapis/version", headers=headers, extra_headers={"X-Two": "2"})

    (seen,) = server.seen
    assert [seen.headers[name] for name in ("accept", "authorization", "x-one", "x-two")] == [
        "text/html",
        "Basic YTpi",
        "1",
        "2",
    ]


def test_any_method_goes(ks: KubeSphere) -> None:
    seen = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(200)

    with KubeSphere("http://h", auth=None, transport=httpx.MockTransport(transport)) as ks:
        for method in ("HEAD", "OPTIONS", "TRACE", "FOO"):
            ks.request(method, "/a")
    assert seen == ["HEAD", "OPTIONS", "TRACE", "FOO"]


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFoundError), (500, ServerError), (301, RedirectError), (418, UnexpectedStatusError)]
)
def test_any_status_but_success_is_a_typed_error(
    ks: KubeSphere, server: FakeServer, status: int, kind: type[Exception]
) -> None:
    server.answers["GET", "/a"] = Answer(status, b"words", TEXT, headers=(("Location", CONFIG_MAPS),))
    with pytest.raises(kind) as caught:
        ks.request("GET", "/a")
    error: Any = caught.value
    assert (error.status_code, error.body, error.operation) == (status, "words", "request")


def test_redirects_are_followed_where_the_client_follows_them(server: FakeServer) -> None:
    server.answers["GET", "/a"] = Answer(301, headers=(("Location", CONFIG_MAPS),))
    server.answers["GET", CONFIG_MAPS] = data({"items": []})
    with KubeSphere(server.url, token=server.issue(), follow_redirects=True) as ks:
        assert ks.request("GET", "/a").json() == {"items": []}


def test_a_closed_connection_is_no_answer(ks: KubeSphere, server: FakeServer) -> None:
    server.answers["GET", "/oauth/callback/github"] = Answer(drop=True)  # recording oauth-47
    with pytest.raises(APIConnectionError, match="request"):
        ks.request("GET", "/oauth/callback/github")


def test_an_option_that_is_misspelt_is_refused(ks: KubeSphere) -> None:
    with pytest.raises(TypeError, match=r"request\(\) got an unexpected keyword argument 'quary'"):
        ks.request("GET", "/a", quary={})  # type: ignore[call-arg]  # as a user would
