"""What a client can be told, and how it behaves around a call."""

from __future__ import annotations

import asyncio
import importlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import kubesphere_client
from kubesphere_client import (
    APIConnectionError,
    AsyncKubeSphere,
    ConfigError,
    KubeSphere,
    KubeSphereError,
    NotAuthenticatedError,
    PermissionDeniedError,
    RedirectError,
)
from kubesphere_client._async_group import AsyncGroup
from kubesphere_client._group import Group
from kubesphere_client._operation import Operation
from kubesphere_client.models import ObjectMeta, WorkspaceTemplate
from tests.client.fake_server import NODES, TEMPLATES, USERS, VERSION, Answer, FakeServer, data
from tests.client.scripted_server import ScriptedServer, answer

UPLOAD: Operation[Any] = Operation(
    "g.v1.upload", "POST", "/upload", {200: lambda data: data}, body_media=("application/octet-stream",)
)
PUBLIC: Operation[Any] = Operation("g.v1.public", "GET", VERSION, {200: lambda data: data}, authenticated=False)


class Probe(Group):
    """Operations that the API does not have."""

    def upload(self, body: Any) -> Any:
        return self._call(UPLOAD, body=body, options={})

    def public(self, **options: Any) -> Any:
        return self._call(PUBLIC, options=options)  # type: ignore[arg-type]  # as a user would pass them


class AsyncProbe(AsyncGroup):
    """Operations that the API does not have."""

    async def upload(self, body: Any) -> Any:
        return await self._call(UPLOAD, body=body, options={})


def login(server: FakeServer, **settings: Any) -> KubeSphere:
    return KubeSphere(server.url, username="admin", password="P@88w0rd", **settings)


def test_an_object_goes_out_and_comes_back(server: FakeServer) -> None:
    with login(server) as ks:
        created = ks.tenant.v1alpha2.create_workspace(
            WorkspaceTemplate(metadata=ObjectMeta(name="demo", labels={"team": "infra"}))
        )
        assert created.metadata is not None
        assert created.metadata.labels == {"team": "infra"}
        (request,) = server.calls(TEMPLATES)
        assert request.headers["content-type"] == "application/json"
        assert request.headers["accept"] == "application/json, */*"
        assert request.headers["user-agent"].startswith("kubesphere-client/3.")
        workspace = ks.tenant.v1alpha2.get_workspace("demo")
        assert workspace.metadata is not None
        assert workspace.metadata.name == "demo"


def test_async_objects_too(server: FakeServer) -> None:
    async def run() -> Any:
        async with AsyncKubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            await ks.tenant.v1alpha2.create_workspace({"metadata": {"name": "demo"}})
            return await ks.tenant.v1alpha2.get_workspace("demo")

    assert asyncio.run(run()).metadata.name == "demo"


def test_what_is_escaped_arrives_as_it_was(server: FakeServer) -> None:
    name = "a b:ü%?#&"
    server.objects[USERS].append({"metadata": {"name": name}})
    with login(server) as ks:
        user = ks.iam.v1alpha2.get_user(name)
        assert user.metadata is not None
        assert user.metadata.name == name
        ks.iam.v1alpha2.list_users(extra_query={"labelSelector": "a in (x, y)"})
    assert server.seen[1].path == f"{USERS}/a%20b%3A%C3%BC%25%3F%23%26"
    assert server.seen[2].query == "labelSelector=a%20in%20%28x%2C%20y%29"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "username and password, token, or auth"),
        ({"username": "a"}, "both username and password"),
        ({"password": "a"}, "both username and password"),
        ({"username": "a", "password": ""}, "neither may be empty"),
        ({"username": "a", "password": "b", "token": "t"}, "not both"),
        ({"token": "t", "auth": None}, "either token or auth, not both"),
        ({"token": ""}, "empty"),
        ({"token": "Bearer t"}, "the token alone"),
        ({"token": "t\n"}, "line breaks"),
    ],
)
@pytest.mark.parametrize("client", [KubeSphere, AsyncKubeSphere])
def test_credentials_that_cannot_work_are_refused(client: Any, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        client("http://h", **settings)


@pytest.mark.parametrize(
    "address",
    ["", "10.0.0.1:30881", "ftp://h", "http://", "/kapis", "http://h?x=1", "http://h#x", "http://u:p@h", "http://h:x"],
)
def test_an_address_that_cannot_work_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="base_url"):
        KubeSphere(address, auth=None)


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("http://h", "http://h/kapis/version"),
        ("http://h/", "http://h/kapis/version"),
        ("https://h:8443/prefix/", "https://h:8443/prefix/kapis/version"),
        ("http://[::1]:1", "http://[::1]:1/kapis/version"),
    ],
)
def test_a_path_before_the_servers_own_is_kept(address: str, called: str) -> None:
    urls = []

    def transport(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        return httpx.Response(200, json={})

    with KubeSphere(address, auth=None, transport=httpx.MockTransport(transport)) as ks:
        ks.platform.get_version()
    assert urls == [called]


def test_the_default_timeouts() -> None:
    seen = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json={})

    with KubeSphere("http://h", auth=None, transport=httpx.MockTransport(transport)) as ks:
        ks.platform.get_version()
        ks.platform.get_version(timeout=3)
        ks.platform.get_version(timeout=None)
    assert [(one["connect"], one["read"]) for one in seen] == [(10.0, 60.0), (3, 3), (None, None)]


@pytest.mark.parametrize(
    "wrong", ["5", 0, -1, float("nan"), float("inf"), 1e300, True, {}, httpx.Timeout(5.0, read=-1)]
)
def test_a_timeout_that_is_none_is_refused_before_anything_is_sent(server: FakeServer, wrong: Any) -> None:
    with pytest.raises(ConfigError, match="timeout must be seconds"):
        KubeSphere(server.url, token="t", timeout=wrong)
    with login(server) as ks, pytest.raises(ConfigError, match="timeout must be seconds"):
        ks.request("GET", NODES, timeout=wrong)
    assert server.seen == []


def test_httpx_settings_pass_through(server: FakeServer) -> None:
    hooked: list[str] = []
    settings: dict[str, Any] = {
        "headers": {"X-One": "1", "User-Agent": "mine"},
        "event_hooks": {"request": [lambda request: hooked.append(request.url.path)]},
        "limits": httpx.Limits(max_connections=1),
        "verify": False,
        "trust_env": False,
    }
    with login(server, **settings) as ks:
        Probe(ks).public()
        ks.iam.v1alpha2.get_user("user-1")
    assert hooked == [VERSION, "/oauth/token", f"{USERS}/user-1"]
    assert server.seen[0].headers["x-one"] == "1"
    assert {one.headers["user-agent"] for one in server.seen} == {"mine"}
    assert server.connections == 1


@pytest.mark.parametrize("client", [KubeSphere, AsyncKubeSphere])
def test_a_hook_that_would_never_be_called_is_refused(client: Any) -> None:
    with pytest.raises(ConfigError, match=r"event_hooks are for 'request' and 'response'; there is no 'reponse'\."):
        client("http://10.0.0.1:30881", token="t", event_hooks={"reponse": [print]})


def test_a_proxy_is_used(server: FakeServer) -> None:
    # A request for a proxy names the whole address; the fake server reads its path.
    with KubeSphere("http://ks.invalid", auth=None, proxy=server.url) as ks:
        ks.platform.get_version()
    assert server.seen[0].headers["host"] == "ks.invalid"


def test_an_http_client_is_used_and_left_open(server: FakeServer) -> None:
    with httpx.Client(params={"debug": "1"}, headers={"X-Mine": "yes"}) as http_client:
        with login(server, http_client=http_client) as ks:
            ks.iam.v1alpha2.list_users(limit=2)
        assert not http_client.is_closed
    (request,) = server.calls(USERS)
    assert request.query == "debug=1&limit=2"
    assert request.headers["x-mine"] == "yes"


def test_an_http_clients_own_auth_is_used_where_no_other_is_given(server: FakeServer) -> None:
    headers = {"Authorization": f"Bearer {server.issue()}"}
    with httpx.Client(headers=headers) as http_client, KubeSphere(server.url, http_client=http_client) as ks:
        assert len(ks.iam.v1alpha2.list_users()) == 5


@pytest.mark.parametrize(
    ("client", "http_client", "settings", "says"),
    [
        (KubeSphere, httpx.Client, {"timeout": 1, "verify": False}, "timeout and verify"),
        (AsyncKubeSphere, httpx.AsyncClient, {"transport": httpx.MockTransport(lambda _: None)}, "transport"),  # type: ignore[arg-type]  # never called
        (KubeSphere, httpx.AsyncClient, {}, "goes with AsyncKubeSphere"),
        (AsyncKubeSphere, httpx.Client, {}, "goes with KubeSphere"),
    ],
)
def test_an_http_client_that_does_not_fit_is_refused(client: Any, http_client: Any, settings: Any, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        client("http://h", auth=None, http_client=http_client(), **settings)


def test_a_closed_client_says_so(server: FakeServer) -> None:
    with login(server) as ks:
        ks.iam.v1alpha2.get_user("user-1")
    with pytest.raises(KubeSphereError, match="closed"):
        ks.iam.v1alpha2.get_user("user-1")
    ks.close()


def test_a_closed_async_client_says_so(server: FakeServer) -> None:
    async def run() -> None:
        ks = AsyncKubeSphere(server.url, auth=None)
        await ks.close()
        with pytest.raises(KubeSphereError, match="closed"):
            await ks.platform.get_version()

    asyncio.run(run())


def test_the_wrong_kind_of_with_says_so() -> None:
    async def run() -> None:
        async with KubeSphere("http://h", auth=None):
            pass

    with pytest.raises(TypeError, match="take AsyncKubeSphere"):
        asyncio.run(run())
    with pytest.raises(TypeError, match="goes with `async with`"), AsyncKubeSphere("http://h", auth=None):
        pass


def test_a_repr_is_useful() -> None:
    assert repr(KubeSphere("http://h/", token="abc")) == "KubeSphere('http://h', token=***)"
    ks = KubeSphere("http://h", username="admin", password="secret")
    assert repr(ks.iam.v1alpha2).endswith(" of KubeSphere('http://h', username='admin')>")


def test_groups_are_built_once() -> None:
    ks = KubeSphere("http://h", auth=None)
    assert ks.iam.v1alpha2 is ks.iam.v1alpha2


def test_an_operation_without_credentials_sends_none(server: FakeServer) -> None:
    token = server.issue()
    with login(server, headers={"Authorization": f"Bearer {token}"}) as ks:
        Probe(ks).public()
        Probe(ks).public(extra_headers={"Authorization": f"Bearer {token}"})
    assert server.grants() == []
    assert [one.headers.get("authorization") for one in server.seen] == [None, f"Bearer {token}"]


def test_an_operation_without_credentials_bypasses_an_httpx_auth(server: FakeServer) -> None:
    with KubeSphere(server.url, auth=("admin", "x")) as ks:
        Probe(ks).public()
    assert "authorization" not in server.seen[0].headers


def test_a_stream_cannot_be_sent_twice(server: FakeServer) -> None:
    server.answers["POST", "/upload"] = lambda seen: data(seen.body.decode())

    def parts() -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    with login(server) as ks:
        assert Probe(ks).upload(parts()) == "one two"
        server.expire()
        with pytest.raises(NotAuthenticatedError):
            Probe(ks).upload(parts())
        assert Probe(ks).upload(parts()) == "one two"  # the refused token was not kept
        server.expire()
        assert Probe(ks).upload(io.BytesIO(b"file")) == "file"
    assert server.grants() == ["password", "refresh_token", "refresh_token"]


def test_async_streams_are_sent_in_chunks(server: FakeServer) -> None:
    server.answers["POST", "/upload"] = lambda seen: data(len(seen.body))

    async def run() -> list[Any]:
        async with AsyncKubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            probe = AsyncProbe(ks)
            first = await probe.upload(io.BytesIO(b"x" * 200_000))
            server.expire()
            return [first, await probe.upload(io.BytesIO(b"x" * 200_000)), await probe.upload(iter([b"a", b"b"]))]

    assert asyncio.run(run()) == [200_000, 200_000, 2]


@pytest.fixture
def elsewhere() -> Iterator[FakeServer]:
    with FakeServer() as other:
        other.answers["GET", VERSION] = data({"items": [], "totalItems": 0})
        yield other


def redirect(location: str, status: int = 307) -> Answer:
    return Answer(status, headers=(("Location", location),))


def test_the_token_is_not_sent_to_another_origin(server: FakeServer, elsewhere: FakeServer) -> None:
    server.answers["GET", NODES] = redirect(f"{elsewhere.url}{VERSION}")
    with login(server, follow_redirects=True) as ks:
        assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 0
    assert "authorization" not in elsewhere.seen[0].headers


class CustomAuth(httpx.Auth):
    """Puts its secret into a header of its own."""

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]  # generator
        request.headers["X-Api-Key"] = "s3cr3t"
        yield request


@pytest.mark.parametrize(
    "settings",
    [
        {"auth": ("admin", "s3cr3t")},
        {"auth": CustomAuth()},
        {"auth": None, "headers": {"Authorization": "Bearer s3cr3t"}},
        {"auth": None, "headers": {"X-KubeSphere-Authorization": "Bearer s3cr3t"}},
        {"auth": None, "headers": {"Cookie": "session=s3cr3t"}},
        {"token": "s3cr3t", "headers": {"X-Api-Key": "s3cr3t"}},
        {
            "token": "s3cr3t",
            "http_client": httpx.Client(cookies={"session": "s3cr3t"}, headers={"X-Api-Key": "s3cr3t"}),
        },
    ],
)
def test_no_credential_of_any_kind_is_sent_to_another_origin(settings: dict[str, Any]) -> None:
    with (
        ScriptedServer(answer(200)) as elsewhere,
        ScriptedServer(answer(307, b"", f"Location: {elsewhere.url}")) as server,
    ):
        with KubeSphere(server.url, follow_redirects=True, **settings) as ks:
            ks.request("GET", NODES)
        names = {line.partition(b":")[0].lower() for line in elsewhere.requests[0].split(b"\r\n")[1:] if line}
    assert names == {b"host", b"accept", b"accept-encoding", b"connection", b"user-agent"}
    assert b"s3cr3t" in server.requests[0] or b"czNjcjN0" in server.requests[0]


@pytest.mark.parametrize("value", ["Bearer s3cr3t\n", "Bearer s3cr3té"])
def test_a_header_that_cannot_be_sent_is_refused_and_not_shown(server: FakeServer, value: str) -> None:
    with pytest.raises(ConfigError, match="headers: Authorization must be ASCII text") as refused:
        KubeSphere(server.url, auth=None, headers={"Authorization": value})
    assert "s3cr3t" not in str(refused.value)


def test_a_header_of_an_auth_that_cannot_be_sent_is_not_shown(server: FakeServer) -> None:
    def sign(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = "Bearer s3cr3t\n"
        return request

    with KubeSphere(server.url, auth=sign) as ks, pytest.raises(APIConnectionError, match="cannot be sent") as refused:
        ks.request("GET", NODES)
    link: BaseException | None = refused.value
    while link is not None:
        assert "s3cr3t" not in repr(link)
        link = link.__cause__ or link.__context__


def test_a_401_of_another_origin_is_not_about_the_token(server: FakeServer, elsewhere: FakeServer) -> None:
    server.answers["GET", NODES] = redirect(f"{elsewhere.url}{VERSION}")
    elsewhere.answers["GET", VERSION] = Answer(401)
    with login(server, follow_redirects=True) as ks, pytest.raises(NotAuthenticatedError):
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert server.grants() == ["password"]


def test_the_token_stays_on_a_redirect_within_the_origin(server: FakeServer) -> None:
    server.answers["GET", NODES] = redirect(USERS)
    with login(server, follow_redirects=True) as ks:
        assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5


def test_https_on_the_same_host_is_another_origin() -> None:
    # httpx itself would keep the header here.
    seen = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.scheme, "authorization" in request.headers))
        if request.url.scheme == "https":
            return httpx.Response(200, json={"items": []})
        return httpx.Response(302, headers={"Location": str(request.url.copy_with(scheme="https"))})

    with KubeSphere("http://h", token="t", follow_redirects=True, transport=httpx.MockTransport(transport)) as ks:
        ks.iam.v1alpha2.list_users()
    assert seen == [("http", True), ("https", False)]


def test_a_redirect_takes_all_of_a_file_along(server: FakeServer) -> None:
    server.answers["PUT", NODES] = redirect("/elsewhere")
    server.answers["PUT", "/elsewhere"] = data({})
    with login(server, follow_redirects=True) as ks:
        ks.request("PUT", NODES, body=io.BytesIO(b"content"))
    assert server.seen[-1].path == "/elsewhere"
    assert server.seen[-1].body == b"content"


def test_a_redirect_is_not_followed_with_a_body_that_is_gone(server: FakeServer) -> None:
    server.answers["PUT", NODES] = redirect("/elsewhere")
    with login(server, follow_redirects=True) as ks, pytest.raises(RedirectError):
        ks.request("PUT", NODES, body=iter([b"content"]))
    assert server.seen[-1].path == NODES


def test_async_redirects_too(server: FakeServer, elsewhere: FakeServer) -> None:
    server.answers["GET", NODES] = redirect(f"{elsewhere.url}{VERSION}")

    async def run() -> int:
        async with AsyncKubeSphere(server.url, token=server.issue(), follow_redirects=True) as ks:
            return len(await ks.resources.v1alpha3.list_cluster_resources("nodes"))

    assert asyncio.run(run()) == 0
    assert "authorization" not in elsewhere.seen[0].headers


BINARY = "/kapis/devops.kubesphere.io/v1alpha2/namespaces/ns1/s2ibinaries/app/file/app.jar"


def test_a_binary_is_fetched_from_the_storage_without_the_token(server: FakeServer, elsewhere: FakeServer) -> None:
    server.answers["GET", BINARY] = redirect(f"{elsewhere.url}{VERSION}?signature=s", 302)
    elsewhere.answers["GET", VERSION] = Answer(body=b"\x00jar", media="application/octet-stream")
    with login(server) as ks:  # which does not follow redirects elsewhere
        assert ks.devops.v1alpha2.download_s2i_binary("ns1", "app", "app.jar") == b"\x00jar"
    assert "authorization" not in elsewhere.seen[0].headers
    assert elsewhere.seen[0].query == "signature=s"


def test_a_storage_on_the_same_host_does_not_get_the_token_either(server: FakeServer) -> None:
    server.answers["GET", BINARY] = redirect("/bucket/app.jar", 302)
    server.answers["GET", "/bucket/app.jar"] = Answer(body=b"jar", media="application/octet-stream")
    with login(server) as ks, pytest.raises(PermissionDeniedError):  # the test's server asks everyone for a token
        ks.devops.v1alpha2.download_s2i_binary("ns1", "app", "app.jar")
    assert "authorization" not in server.seen[-1].headers


def test_endless_redirects_end(server: FakeServer) -> None:
    server.answers["GET", NODES] = redirect(NODES)
    with login(server, follow_redirects=True) as ks, pytest.raises(APIConnectionError, match="redirects"):
        ks.resources.v1alpha3.list_cluster_resources("nodes")


def test_a_password_is_not_sent_to_where_a_login_is_redirected(server: FakeServer, elsewhere: FakeServer) -> None:
    server.answers["POST", "/oauth/token"] = redirect(f"{elsewhere.url}/oauth/token")
    with login(server, follow_redirects=True) as ks, pytest.raises(KubeSphereError):
        ks.iam.v1alpha2.list_users()
    assert elsewhere.seen == []


def test_httpx_is_imported_in_one_module_only() -> None:
    folder = Path(kubesphere_client.__file__).parent
    importing = [
        path.name for path in folder.rglob("*.py") if re.search(r"^\s*(import|from) httpx", path.read_text(), re.M)
    ]
    assert importing == ["_http.py"]


def test_each_module_can_be_imported_first() -> None:
    for name in ("errors", "_auth", "_http", "_operation", "_page", "_watch", "_group", "_client"):
        assert importlib.import_module(f"kubesphere_client.{name}")
