"""Views of a client: other options, raw responses, streamed responses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    APIConnectionError,
    AsyncKubeSphere,
    ClientClosedError,
    ConfigError,
    DecodeError,
    KubeSphere,
    NotFoundError,
)
from tests.client.fake_server import TEMPLATES, USERS, VERSION, Answer, FakeServer, data, text


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    server.answers["GET", f"{USERS}/jane"] = data({"metadata": {"name": "jane"}, "extra": 1})
    server.answers["GET", f"{USERS}/nobody"] = text(500, 'user.iam.kubesphere.io "nobody" not found\n')
    with KubeSphere(server.url, username="admin", password="P@88w0rd") as client:
        yield client


def in_async(server: FakeServer, use: Callable[[AsyncKubeSphere], Any]) -> Any:
    async def run() -> Any:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            return await use(ks)

    return asyncio.run(run())


def test_options_hold_for_every_call_of_a_view(server: FakeServer, ks: KubeSphere) -> None:
    view = ks.with_options(extra_headers={"X-Trace": "1", "X-Both": "view"}, extra_query={"a": "1"})

    view.iam.v1alpha2.get_user("jane", extra_headers={"X-Both": "call"}, extra_query={"b": "2"})
    view.request("GET", f"{USERS}/jane")
    ks.iam.v1alpha2.get_user("jane")

    typed, plain, without = server.calls(f"{USERS}/jane")
    assert (typed.headers["x-trace"], typed.headers["x-both"], typed.query) == ("1", "call", "a=1&b=2")
    assert (plain.headers["x-trace"], plain.query) == ("1", "a=1")
    assert "x-trace" not in without.headers
    assert without.query == ""


def test_views_of_views_add_up(server: FakeServer, ks: KubeSphere) -> None:
    view = ks.with_options(extra_headers={"X-A": "1"}).with_options(extra_headers={"X-B": "2"}, timeout=3.0)

    view.on_cluster("m").with_options(extra_headers={"X-C": "3"})
    view.iam.v1alpha2.get_user("jane")

    assert {"x-a", "x-b"} <= server.calls(f"{USERS}/jane")[0].headers.keys()


def test_a_view_shares_the_token_and_the_connections(server: FakeServer, ks: KubeSphere) -> None:
    ks.iam.v1alpha2.get_user("jane")
    ks.with_options(timeout=5.0).iam.v1alpha2.get_user("jane")
    ks.with_raw_response.iam.v1alpha2.get_user("jane")

    assert server.grants() == ["password"]
    assert server.connections == 1


def test_a_view_goes_with_its_client_and_not_before(server: FakeServer, ks: KubeSphere) -> None:
    with ks.with_options(timeout=5.0) as view:
        view.iam.v1alpha2.get_user("jane")
    assert ks.iam.v1alpha2.get_user("jane").metadata.name == "jane"
    with pytest.raises(ClientClosedError):
        view.iam.v1alpha2.get_user("jane")

    other = ks.with_options(timeout=5.0)
    ks.close()
    with pytest.raises(ClientClosedError):
        other.iam.v1alpha2.get_user("jane")


def test_an_option_that_there_is_not_is_refused(ks: KubeSphere) -> None:
    with pytest.raises(TypeError, match=r"with_options.* 'retries'"):
        ks.with_options(retries=3)  # type: ignore[call-arg]  # the mistake in question


@pytest.mark.parametrize("timeout", ["5", 0, -1.0, True, float("nan"), (1, 2)], ids=repr)
def test_a_timeout_that_is_none_is_refused(server: FakeServer, ks: KubeSphere, timeout: Any) -> None:
    says = r"timeout must be seconds above 0"
    with pytest.raises(ConfigError, match=says):
        ks.iam.v1alpha2.get_user("jane", timeout=timeout)
    with pytest.raises(ConfigError, match=says):
        ks.with_options(timeout=timeout).iam.v1alpha2.get_user("jane")
    for client in (KubeSphere, AsyncKubeSphere):
        with pytest.raises(ConfigError, match=says):
            client(server.url, token="t", timeout=timeout)
    assert server.seen == []


def test_a_timeout_of_a_view_is_kept(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", f"{USERS}/slow"] = Answer(delay=2.0)
    with pytest.raises(APIConnectionError):
        ks.with_options(timeout=0.1).iam.v1alpha2.get_user("slow")


def test_a_raw_response_has_it_all(server: FakeServer, ks: KubeSphere) -> None:
    raw = ks.with_raw_response.iam.v1alpha2.get_user("jane")

    assert raw.status_code == 200
    assert raw.headers["Content-Type"] == "application/json"
    assert raw.request.url.path == f"{USERS}/jane"
    assert json.loads(raw.content) == json.loads(raw.text)
    assert raw.parse().metadata.name == "jane"
    assert "token" not in repr(raw)


def test_a_raw_response_is_parsed_when_asked_for(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", f"{USERS}/odd"] = Answer(body=b"no JSON")
    raw = ks.with_raw_response.iam.v1alpha2.get_user("odd")

    assert raw.text == "no JSON"
    with pytest.raises(DecodeError):
        raw.parse()


def test_refusals_are_raised_in_views_too(server: FakeServer, ks: KubeSphere) -> None:
    with pytest.raises(NotFoundError):
        ks.with_raw_response.iam.v1alpha2.get_user("nobody")
    with pytest.raises(NotFoundError, match="nobody"):
        ks.with_streaming_response.iam.v1alpha2.get_user("nobody")


def test_a_raw_list_parses_to_a_page_that_goes_on(server: FakeServer, ks: KubeSphere) -> None:
    raw = ks.with_raw_response.resources.v1alpha3.list_cluster_resources("nodes", limit=2)

    assert json.loads(raw.text)["totalItems"] == 5
    assert len(list(raw.parse())) == 5


def test_a_streamed_response_is_read_in_pieces(server: FakeServer, ks: KubeSphere) -> None:
    with ks.with_streaming_response.iam.v1alpha2.get_user("jane") as response:
        assert response.status_code == 200
        body = b"".join(response.iter_bytes(4))
    assert json.loads(body)["extra"] == 1


def test_async_views_work_the_same(server: FakeServer, ks: KubeSphere) -> None:
    async def use(aks: AsyncKubeSphere) -> None:
        raw = await aks.with_raw_response.iam.v1alpha2.get_user("jane")
        assert raw.parse().metadata.name == "jane"
        page = (await aks.with_raw_response.resources.v1alpha3.list_cluster_resources("nodes", limit=2)).parse()
        assert [node.metadata.name async for node in page] == [f"node-{number}" for number in range(5)]
        async with aks.with_streaming_response.iam.v1alpha2.get_user("jane") as response:
            assert json.loads(await response.read())["extra"] == 1
        response = await aks.with_streaming_response.iam.v1alpha2.get_user("jane")
        assert json.loads(b"".join([chunk async for chunk in response.iter_bytes()]))["extra"] == 1
        with pytest.raises(NotFoundError):
            async with aks.with_streaming_response.iam.v1alpha2.get_user("nobody"):
                pass
        timed = aks.with_options(extra_headers={"X-Trace": "1"})
        await timed.iam.v1alpha2.get_user("jane")

    in_async(server, use)
    assert server.calls(f"{USERS}/jane")[-1].headers["x-trace"] == "1"


def test_views_offer_operations_and_nothing_else(ks: KubeSphere) -> None:
    view: Any = ks.with_raw_response
    with pytest.raises(AttributeError, match="with_raw_response has no operation 'close'"):
        view.close()
    with pytest.raises(AttributeError, match=r"with_raw_response\.iam\.v1alpha2 has no operation 'get_usr'"):
        view.iam.v1alpha2.get_usr("jane")
    assert "iam" in dir(view)
    assert "get_user" in dir(view.iam.v1alpha2)


def test_a_watch_has_no_raw_response(ks: KubeSphere) -> None:
    view: Any = ks.with_raw_response
    with pytest.raises(TypeError, match="a watch gives events"):
        view.crd.tenant.v1alpha1.watch_workspaces()


def test_members_have_views(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", "/kapis/clusters/m/iam.kubesphere.io/v1alpha2/users/jane"] = data({"metadata": {}})

    assert ks.on_cluster("m").with_raw_response.iam.v1alpha2.get_user("jane").status_code == 200


def test_hooks_hear_of_every_exchange(server: FakeServer) -> None:
    heard: list[str] = []
    hooks: Any = {
        "request": [lambda request: heard.append(f"> {request.method} {request.url.path}")],
        "response": [lambda response: heard.append(f"< {response.status_code}")],
    }
    with KubeSphere(server.url, auth=None, event_hooks=hooks) as ks:
        ks.request("GET", VERSION)
    assert heard == [f"> GET {VERSION}", "< 200"]


def test_the_log_names_calls_and_no_secrets(
    server: FakeServer, ks: KubeSphere, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["GET", TEMPLATES] = data({"items": [], "totalItems": 0})
    with caplog.at_level("DEBUG"):
        ks.iam.v1alpha2.get_user("jane")
        ks.request("GET", f"{TEMPLATES}?code=secret-code")

    ours = [record.getMessage() for record in caplog.records if record.name == "kubesphere_client"]
    assert ours[0] == "login (password): status 200"
    assert ours[1].startswith(f"iam.v1alpha2.get_user: GET {USERS}/jane: status 200 after ")
    token = server.calls(f"{USERS}/jane")[0].headers["authorization"].partition(" ")[2]
    for message in ours:
        assert not any(secret in message for secret in ("P@88w0rd", token, "secret-code")), message


def test_a_client_of_ones_own_has_views_too(server: FakeServer) -> None:
    with httpx.Client() as own, KubeSphere(server.url, auth=None, http_client=own) as ks:
        ks.with_options(timeout=3.0).platform.get_version()
        assert ks.with_raw_response.platform.get_version().status_code == 200


def test_a_name_of_the_wire_is_answered_with_the_keyword(ks: KubeSphere) -> None:
    listing: Any = ks.iam.v1alpha2.list_users
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'labelSelector'; is label_selector meant\?"):
        listing(labelSelector="a=b")
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'nmae'$"):
        listing(nmae="x")
