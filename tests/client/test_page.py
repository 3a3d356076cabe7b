"""Pages hold what the server sent, and walking them ends where the list ends."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

import pytest

from kubesphere_client import AsyncKubeSphere, KubeSphere, NotFoundError
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


def pages_of_apps(count: int) -> Any:
    """A list that takes limit and page in one parameter, and closes the connection past the end (recording res-111)."""

    def answer(request: Seen) -> Answer:
        asked = parse_qs(request.query).get("paging", ["limit=10,page=1"])[0]
        limit, page = (int(part.partition("=")[2]) for part in asked.split(","))
        start = (page - 1) * limit
        apps = [{"app_id": f"app-{number}", "category_set": None} for number in range(count)]
        return (
            Answer(drop=True) if start >= max(count, 1) else data({"items": apps[start:][:limit], "total_count": count})
        )

    return answer


@pytest.mark.parametrize(
    ("paging", "count", "shown", "pages"),
    [
        (None, 0, range(0), 1),
        (None, 10, range(10), 1),
        (None, 11, range(11), 2),
        (None, 25, range(25), 3),
        ("limit=4,page=1", 4, range(4), 1),
        ("limit=4,page=1", 9, range(9), 3),
        ("limit=4,page=2", 9, range(4, 9), 2),
    ],
)
def test_limit_and_page_in_one_parameter_are_walked(
    server: FakeServer, ks: KubeSphere, paging: str | None, count: int, shown: range, pages: int
) -> None:
    server.answers["GET", "/kapis/openpitrix.io/v1/apps"] = pages_of_apps(count)

    apps = list(ks.openpitrix.v1.list_apps(conditions="status=active", paging=paging))

    assert [app.app_id for app in apps] == [f"app-{number}" for number in shown]
    assert len(server.seen) == pages
    assert all(parse_qs(one.query)["conditions"] == ["status=active"] for one in server.seen)


@pytest.mark.parametrize(
    "paging", ["limit=-1,page=1", "limit=0,page=1", "limit=4,page=0", "page=1,limit=4", "everything"]
)
def test_what_is_no_page_is_not_walked(server: FakeServer, ks: KubeSphere, paging: str) -> None:
    apps = {"items": [{"app_id": "app-0", "category_set": None}], "total_count": 5}
    server.answers["GET", "/kapis/openpitrix.io/v1/apps"] = data(apps)
    assert len(list(ks.openpitrix.v1.list_apps(paging=paging))) == 1
    assert len(server.seen) == 1


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_is_no_page_size_is_one_page(server: FakeServer, ks: KubeSphere, limit: int) -> None:
    list(ks.resources.v1alpha3.list_cluster_resources("nodes", limit=limit))
    assert len(server.seen) == 1


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


@pytest.mark.parametrize("body", [{"items": None, "totalItems": 0}, {"totalItems": None}, {}, [], None, "text"])
def test_a_list_without_items_is_empty(server: FakeServer, ks: KubeSphere, body: Any) -> None:
    server.answers["GET", NODES] = data(body)
    page = ks.resources.v1alpha3.list_cluster_resources("nodes", limit=3)
    assert (list(page), len(page)) == ([], 0)


def test_a_bare_array_is_a_page_too(server: FakeServer, ks: KubeSphere) -> None:  # evidence/server.md §3
    server.answers["GET", NODES] = data([{"metadata": {"name": "a"}}])
    page = ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert (len(page), page.total_items) == (1, None)


@pytest.mark.parametrize("count", [0, 2, 3, 7])
def test_a_continue_token_is_followed(server: FakeServer, ks: KubeSphere, count: int) -> None:
    fill(server, WORKSPACES, count)
    page = ks.crd.tenant.v1alpha1.list_workspaces(limit=2, resource_version="7")
    assert page.total_items is None
    assert names(page) == [f"n-{number}" for number in range(count)]
    # Kubernetes refuses a resourceVersion beside a token.
    assert [sorted(one.query.split("&")) for one in server.seen[1:]] == [
        [f"continue={start}", "limit=2"] for start in range(2, count, 2)
    ]


def test_a_continue_token_that_comes_back_ends_the_list(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", WORKSPACES] = data({"metadata": {"continue": "same"}, "items": [{"metadata": {}}]})
    assert len(list(ks.crd.tenant.v1alpha1.list_workspaces(limit=1))) == 2


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
