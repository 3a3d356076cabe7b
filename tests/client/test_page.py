"""Pages hold what the server sent, and walking them ends where the list ends."""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from kubesphere_client import AsyncKubeSphere, GoneError, InvalidArgumentError, KubeSphere, NotFoundError
from tests.client.fake_server import NODES, USERS, WORKSPACES, Answer, FakeServer, Seen, data


@pytest.fixture
def ks(server: FakeServer) -> Any:
    with KubeSphere(server.url, token=server.issue()) as client:
        yield client


def fill(server: FakeServer, path: str, count: int) -> None:
    server.objects[path] = [{"metadata": {"name": f"n-{number}"}} for number in range(count)]


def names(items: Any) -> list[str]:
    return [item.metadata.name for item in items]


def test_a_page_holds_items_and_the_total(ks: KubeSphere) -> None:
    page = ks.iam.v1alpha2.list_users(limit=2)
    assert names(page.items) == ["user-0", "user-1"]
    assert (len(page), page.total_items) == (2, 5)
    assert page.to_dict() == {
        "items": [{"metadata": {"name": "user-0"}}, {"metadata": {"name": "user-1"}}],
        "totalItems": 5,
    }
    assert repr(page) == "<Page with 2 of 5 items>"


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6, 30])
def test_iterating_walks_all_pages_and_never_one_too_far(server: FakeServer, ks: KubeSphere, count: int) -> None:
    # The fake closes the connection past the end, as recording more-res-s2i-029.
    fill(server, NODES, count)
    page = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)
    assert names(page) == [f"n-{number}" for number in range(count)]
    assert len(server.seen) == max(1, -(-count // 3))


def test_async_iterating_walks_all_pages(server: FakeServer) -> None:
    fill(server, NODES, 7)

    async def run() -> Any:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            listing = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)
            page = await ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)
            return (
                names([item async for item in listing]),
                names(page.items),
                page.total_items,
                names([item async for item in page]),
                [len(one) async for one in page.pages()],
                [len(one) async for one in listing.pages()],
            )

    every = [f"n-{number}" for number in range(7)]
    assert asyncio.run(run()) == (every, every[:3], 7, every, [3, 3, 1], [3, 3, 1])


def test_an_async_list_that_is_not_awaited_asks_nothing(server: FakeServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            ks.iam.v1alpha2.list_users(limit=3)
            with pytest.raises(TypeError, match="sortby"):
                ks.iam.v1alpha2.list_users(sortby="name")  # type: ignore[call-arg]  # the mistake in question

    asyncio.run(run())
    assert server.seen == []


def test_without_a_limit_there_is_one_page(server: FakeServer, ks: KubeSphere) -> None:
    assert len(list(ks.iam.v1alpha2.list_users())) == 5
    assert len(server.seen) == 1


def test_walking_begins_at_the_page_asked_for(server: FakeServer, ks: KubeSphere) -> None:
    fill(server, NODES, 10)
    page = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3, page=3)
    assert names(page) == ["n-6", "n-7", "n-8", "n-9"]


@pytest.mark.parametrize("paging", ["limit=-1,page=1", "limit=0,page=1", "limit=4,page=0", "page=1,limit=4", "all"])
def test_what_is_no_page_is_not_walked(server: FakeServer, ks: KubeSphere, paging: str) -> None:
    apps = {"items": [{"app_id": "app-0", "category_set": None}], "total_count": 5}
    server.answers["GET", "/kapis/openpitrix.io/v1/apps"] = data(apps)
    assert len(list(ks.openpitrix.v1.list_apps(extra_query={"paging": paging}))) == 1
    assert [one.query for one in server.seen] == [urlencode({"paging": paging})]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_is_no_page_size_is_one_page(server: FakeServer, ks: KubeSphere, limit: Any) -> None:
    list(ks.resources.v1alpha3.list_cluster_resources("nodes", extra_query={"limit": limit}))
    assert len(server.seen) == 1


@pytest.mark.parametrize("limit", [0, -1, True, 2.5, "10"])
@pytest.mark.parametrize("name", ["limit", "page"])
def test_a_size_or_number_of_a_page_that_is_none_is_refused(
    server: FakeServer, ks: KubeSphere, name: str, limit: Any
) -> None:
    lists: list[Any] = [
        ks.iam.v1alpha2.list_users,
        ks.openpitrix.v1.list_apps,
        partial(ks.devops.v1alpha2.list_branches, "project", "pipeline"),
        partial(ks.devops.v1alpha2.list_scm_repositories, "github", "kubesphere", credential_id="token"),
        ks.tenant.v1alpha2.list_logs,
        partial(ks.monitoring.v1alpha3.rank_node_metrics, sort_metric="node_cpu_usage"),
    ]
    for listing in lists:
        with pytest.raises(InvalidArgumentError, match=f"{name} must be a whole number from 1, not {limit!r}"):
            listing(**{name: limit})
    assert server.seen == []


def test_an_async_list_refuses_a_wrong_limit_at_once(server: FakeServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            with pytest.raises(InvalidArgumentError, match="list_workspaces: limit must be"):
                ks.crd.tenant.v1alpha1.list_workspaces(limit=0)

    asyncio.run(run())
    assert server.seen == []


def test_the_other_parameters_stay(server: FakeServer, ks: KubeSphere) -> None:
    options: Any = {"extra_query": {"limit": 2, "name": "user"}, "extra_headers": {"X-One": "1"}}
    list(ks.iam.v1alpha2.list_users(**options))
    assert [sorted(one.query.split("&")) for one in server.seen] == [
        ["limit=2", "name=user"],
        ["limit=2", "name=user", "page=2"],
        ["limit=2", "name=user", "page=3"],
    ]
    assert {one.headers["x-one"] for one in server.seen} == {"1"}


def test_a_list_that_shrinks_ends(server: FakeServer, ks: KubeSphere) -> None:
    fill(server, NODES, 10)
    walk = iter(ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3))
    first = [next(walk) for _ in range(3)]
    fill(server, NODES, 5)
    assert names(first) + names(walk) == ["n-0", "n-1", "n-2", "n-3", "n-4"]


def test_a_list_that_grows_ends(server: FakeServer, ks: KubeSphere) -> None:
    fill(server, NODES, 4)
    walk = iter(ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3))
    first = [next(walk) for _ in range(3)]
    fill(server, NODES, 8)
    assert names(first) + names(walk) == [f"n-{number}" for number in range(8)]


def test_an_empty_page_ends_the_list(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = data({"items": [], "totalItems": 100})
    assert list(ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)) == []
    assert len(server.seen) == 1


@pytest.mark.parametrize("body", [{"items": None, "totalItems": 0}, {"items": "none"}, {"totalItems": None}, {}])
def test_a_list_without_items_is_empty(server: FakeServer, ks: KubeSphere, body: Any) -> None:
    server.answers["GET", NODES] = data(body)
    page = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)
    assert (list(page), len(page)) == ([], 0)


def test_a_bare_array_is_a_page_too(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", "/kapis/devops.kubesphere.io/v1alpha2/devops/p/pipelines/x/branches"] = data([{"name": "a"}])
    page = ks.devops.v1alpha2.list_branches("p", "x")
    assert ([branch.name for branch in page], len(page), page.total_items) == (["a"], 1, None)
    assert page.to_dict() == [{"name": "a"}]


@pytest.mark.parametrize("count", [0, 2, 3, 7])
def test_a_continue_token_is_followed(server: FakeServer, ks: KubeSphere, count: int) -> None:
    fill(server, WORKSPACES, count)
    page = ks.crd.tenant.v1alpha1.list_workspaces(limit=2, resource_version="7")
    assert page.total_items == (count if count <= 2 else None)
    assert names(page) == [f"n-{number}" for number in range(count)]
    # Kubernetes refuses a resourceVersion beside a token.
    assert [sorted(one.query.split("&")) for one in server.seen[1:]] == [
        [f"continue={start}", "limit=2"] for start in range(2, count, 2)
    ]


@pytest.mark.parametrize("tokens", [["same"], ["one", "two"]])
def test_continue_tokens_that_come_back_end_the_list(server: FakeServer, ks: KubeSphere, tokens: list[str]) -> None:
    turn = itertools.cycle(tokens)
    server.answers["GET", WORKSPACES] = lambda _: data({"metadata": {"continue": next(turn)}, "items": [{}]})
    assert len(list(ks.crd.tenant.v1alpha1.list_workspaces(limit=1))) == len(tokens) + 1


def test_a_page_that_a_selector_emptied_does_not_end_the_list(server: FakeServer, ks: KubeSphere) -> None:
    first: Any = {"metadata": {"continue": "more"}, "items": []}
    last: Any = {"metadata": {}, "items": [{"metadata": {"name": "a"}}]}
    server.answers["GET", WORKSPACES] = lambda seen: data(last if "continue" in seen.query else first)
    assert names(ks.crd.tenant.v1alpha1.list_workspaces(limit=1, field_selector="metadata.name=a")) == ["a"]


def test_kubernetes_says_how_many_items_remain(server: FakeServer, ks: KubeSphere) -> None:
    # As recording more-page-008-configmaps-p5; behind the first page the number of those before is not known.
    body = {"metadata": {"continue": "more", "remainingItemCount": 4}, "items": [{}, {}]}
    server.answers["GET", WORKSPACES] = data(body)
    workspaces = ks.crd.tenant.v1alpha1.list_workspaces
    assert (workspaces(limit=2).total_items, workspaces(limit=2, continue_="more").total_items) == (6, None)


def test_a_continue_token_that_expired_is_told_to_the_caller(server: FakeServer, ks: KubeSphere) -> None:
    # To go on with the token that Kubernetes may offer here would mix two states of the list (recording watch-08).
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {"continue": "inconsistent"},
        "status": "Failure",
        "message": "The provided continue parameter is too old to display a consistent list result.",
        "reason": "Expired",
        "code": 410,
    }
    page: Any = {"metadata": {"continue": "old"}, "items": [{"metadata": {"name": "a"}}]}
    expired = data(status, 410)
    server.answers["GET", WORKSPACES] = lambda seen: expired if "continue=old" in seen.query else data(page)
    walk = iter(ks.crd.tenant.v1alpha1.list_workspaces(limit=1))
    assert names([next(walk)]) == ["a"]
    with pytest.raises(GoneError, match="too old") as caught:
        next(walk)
    assert caught.value.reason == "Expired"
    assert len(server.seen) == 2


@pytest.mark.parametrize("total", [100, None, "many", True])
def test_a_server_that_sends_the_same_page_again_and_again_ends(server: FakeServer, ks: KubeSphere, total: Any) -> None:
    server.answers["GET", NODES] = data({"items": [{"metadata": {"name": "a"}}], "totalItems": total})
    page = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=1)
    assert page.total_items == (100 if total == 100 else None)
    assert (len(list(page)), len(server.seen)) == (2, 2)


def test_an_error_on_a_later_page_is_raised_there(server: FakeServer, ks: KubeSphere) -> None:
    def answer(seen: Seen) -> Answer:
        return (
            Answer(404) if "page=2" in seen.query else data({"items": [{"metadata": {"name": "a"}}], "totalItems": 2})
        )

    server.answers["GET", USERS] = answer
    walk = iter(ks.iam.v1alpha2.list_users(limit=1))
    assert names([next(walk)]) == ["a"]
    with pytest.raises(NotFoundError):
        next(walk)


def test_a_page_says_where_its_items_are_counted(server: FakeServer, ks: KubeSphere) -> None:
    fill(server, NODES, 2)
    page: Any = ks.resources.v1alpha3.list_cluster_resources("nodes")
    with pytest.raises(TypeError, match=r"page\.items\[0\]"):
        page[0]
    assert names(page.items[:1]) == ["n-0"]
