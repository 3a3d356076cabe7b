"""Each family of lists is walked to its end with as many requests as it has pages, and never with one more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kubesphere_client import APIConnectionError, AsyncKubeSphere, KubeSphere
from kubesphere_client._paging import paging_of
from tests.client.fake_server import Answer, FakeServer, Seen, data

LIMIT = 3
Named = list[dict[str, str]]
DEVOPS = "/kapis/devops.kubesphere.io/v1alpha2"


@frozen
class Family:
    """How a family is asked and how it answers; evidence/pagination.md §1.

    Attributes:
        path: an address that is a list of it.
        call: the list of a client, by keyword arguments.
        window: the first item and the number of items that a query asks for.
        envelope: the answer that holds some items; it takes the query, the items and the number of them on all pages.
        breaks: whether the server closes the connection past the end (recording res-111).
        counts: whether the answer tells the total.
    """

    path: str
    call: Callable[..., Any]
    window: Callable[[Mapping[str, str]], tuple[int, int]]
    envelope: Callable[[Mapping[str, str], Named, int], Any]
    breaks: bool = False
    counts: bool = True

    def pages(self, count: int) -> int:
        """How many requests a walk takes: an array without a total ends with a page that is not full."""
        return max(1, -(-count // LIMIT)) if self.counts else count // LIMIT + 1

    def answer(self, items: Callable[[], Named]) -> Callable[[Seen], Answer]:
        def answered(request: Seen) -> Answer:
            query, every = dict(parse_qsl(request.query)), items()
            start, limit = self.window(query)
            if self.breaks and start >= max(len(every), 1):
                return Answer(drop=True)
            return data(self.envelope(query, every[start : start + limit], len(every)))

        return answered


def numbered(query: Mapping[str, str]) -> tuple[int, int]:
    limit = int(query["limit"])
    return (int(query.get("page", 1)) - 1) * limit, limit


def paired(query: Mapping[str, str]) -> tuple[int, int]:
    return numbered(dict(part.split("=") for part in query["paging"].split(",")))


def skipping(start: str, limit: str) -> Callable[[Mapping[str, str]], tuple[int, int]]:
    return lambda query: (int(query.get(start, 0)), int(query[limit]))


def repositories(query: Mapping[str, str], items: Named, total: int) -> Any:
    number, last = int(query["pageNumber"]), -(-total // LIMIT)
    following = number + 1 if number < last else None
    return {"repositories": {"items": items, "nextPage": following, "lastPage": last, "pageSize": LIMIT}}


def ranked(query: Mapping[str, str], items: Named, total: int) -> Any:
    metrics = [{"metric_name": one["name"], "data": {"resultType": "vector"}} for one in items]
    page = int(query.get("page", 1))
    return {"results": metrics, "page": page, "total_page": -(-total // LIMIT), "total_item": total}


def continued(query: Mapping[str, str], items: Named, total: int) -> Any:
    end = int(query.get("continue", 0)) + len(items)
    metadata = {"continue": str(end), "remainingItemCount": total - end} if end < total else {}
    return {"metadata": metadata, "items": items}


FAMILIES = {
    "A": Family(
        "/kapis/iam.kubesphere.io/v1alpha2/users",
        lambda ks, **keywords: ks.iam.v1alpha2.list_users(**keywords),
        numbered,
        lambda query, items, total: {"items": items, "totalItems": total},
    ),
    "A by way of v1alpha2": Family(
        "/kapis/resources.kubesphere.io/v1alpha3/secrets",
        lambda ks, **keywords: ks.resources.v1alpha3.list_cluster_resources("secrets", **keywords),
        numbered,
        lambda query, items, total: {"items": items, "totalItems": total},
        breaks=True,
    ),
    "B": Family(
        "/kapis/openpitrix.io/v1/apps",
        lambda ks, **keywords: ks.openpitrix.v1.list_apps(**keywords),
        paired,
        lambda query, items, total: {"items": items or None, "total_count": total},
        breaks=True,
    ),
    "B'": Family(
        "/kapis/devops.kubesphere.io/v1alpha3/devops/project/pipelines",
        lambda ks, **keywords: ks.devops.v1alpha3.list_devops_pipelines("project", **keywords),
        paired,
        lambda query, items, total: {"items": items, "totalItems": total},
        breaks=True,
    ),
    "C, an array": Family(
        f"{DEVOPS}/devops/project/pipelines/pipeline/branches",
        lambda ks, **keywords: ks.devops.v1alpha2.list_branches("project", "pipeline", **keywords),
        skipping("start", "limit"),
        lambda query, items, total: items,
        counts=False,
    ),
    "C, runs": Family(
        f"{DEVOPS}/devops/project/pipelines/pipeline/runs",
        lambda ks, **keywords: ks.devops.v1alpha2.list_runs("project", "pipeline", **keywords),
        skipping("start", "limit"),
        lambda query, items, total: {"items": items, "totalItems": total},
    ),
    "C, search": Family(
        f"{DEVOPS}/search",
        lambda ks, **keywords: ks.devops.v1alpha2.search_pipelines(q="type:pipeline", **keywords),
        skipping("start", "limit"),
        lambda query, items, total: {"items": items, "total_count": total},
    ),
    "C, repositories": Family(
        f"{DEVOPS}/scms/github/organizations/kubesphere/repositories",
        lambda ks, **keywords: ks.devops.v1alpha2.list_scm_repositories(
            "github", "kubesphere", credential_id="token", **keywords
        ),
        lambda query: numbered({"page": query["pageNumber"], "limit": query["pageSize"]}),
        repositories,
    ),
    "D, logs": Family(
        "/kapis/tenant.kubesphere.io/v1alpha2/logs",
        lambda ks, **keywords: ks.tenant.v1alpha2.list_logs(**keywords),
        skipping("from", "size"),
        lambda query, items, total: {"query": {"total": total, "records": items or None}},
    ),
    "D, audit events": Family(
        "/kapis/tenant.kubesphere.io/v1alpha2/auditing/events",
        lambda ks, **keywords: ks.tenant.v1alpha2.list_audit_events(**keywords),
        skipping("from", "size"),
        lambda query, items, total: {"query": {"total": total, "records": items or None}},
    ),
    "E": Family(
        "/kapis/monitoring.kubesphere.io/v1alpha3/nodes",
        lambda ks, **keywords: ks.monitoring.v1alpha3.rank_node_metrics(sort_metric="node_cpu_usage", **keywords),
        numbered,
        ranked,
    ),
    "F": Family(
        "/apis/iam.kubesphere.io/v1alpha2/globalroles",
        lambda ks, **keywords: ks.crd.iam.v1alpha2.list_global_roles(**keywords),
        skipping("continue", "limit"),
        continued,
    ),
}
every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
every_count = pytest.mark.parametrize("count", [0, 1, LIMIT, LIMIT + 1, 10 * LIMIT])


def named(numbers: range) -> Named:
    return [{"name": f"item-{number}"} for number in numbers]


def names(items: Any) -> list[str]:
    plain = [item if isinstance(item, dict) else item.to_dict() for item in items]
    return [one.get("name") or one["metric_name"] for one in plain]


@every_family
@every_count
def test_a_walk_asks_for_every_page_once(server: FakeServer, family: Family, count: int) -> None:
    every = named(range(count))
    server.answers["GET", family.path] = family.answer(lambda: every)

    with KubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
        page = family.call(ks, limit=LIMIT)
        assert (len(page), bool(page)) == (min(count, LIMIT), count > 0)
        if family.path.startswith(DEVOPS) and (not family.counts or family.envelope is repositories):
            assert page.total_items is None
        else:
            assert page.total_items == count
        assert names(page) == [one["name"] for one in every]

    assert len(server.seen) == family.pages(count)


@every_family
@every_count
def test_an_async_walk_asks_for_every_page_once(server: FakeServer, family: Family, count: int) -> None:
    every = named(range(count))
    server.answers["GET", family.path] = family.answer(lambda: every)

    async def run() -> tuple[Any, Any, int]:
        async with AsyncKubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
            found = [item async for item in family.call(ks, limit=LIMIT)]
            asked = len(server.seen)
            return names(found), names((await family.call(ks, limit=LIMIT)).items), asked

    in_order = [one["name"] for one in every]
    assert asyncio.run(run()) == (in_order, in_order[:LIMIT], family.pages(count))


@pytest.mark.parametrize(
    "family", [one for key, one in FAMILIES.items() if key != "F"], ids=[key for key in FAMILIES if key != "F"]
)
def test_a_walk_begins_at_any_page(server: FakeServer, family: Family) -> None:
    every = named(range(10 * LIMIT))
    server.answers["GET", family.path] = family.answer(lambda: every)

    with KubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
        assert names(family.call(ks, limit=LIMIT, page=4)) == [one["name"] for one in every[3 * LIMIT :]]

    assert len(server.seen) == family.pages(len(every)) - 3


@every_family
@pytest.mark.parametrize("then", [0, 1, LIMIT, LIMIT + 1, 2 * LIMIT, 5 * LIMIT])
def test_a_list_that_changes_while_it_is_walked_ends(server: FakeServer, family: Family, then: int) -> None:
    every = [named(range(2 * LIMIT + 1))]
    server.answers["GET", family.path] = family.answer(lambda: every[0])

    with KubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
        walk = iter(family.call(ks, limit=LIMIT).pages())
        shown = names(next(walk).items)
        every[0] = named(range(then))
        for page in walk:
            shown += names(page.items)

    assert shown == [f"item-{number}" for number in range(max(then, LIMIT))]


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("B", {"limit": 4}, {"paging": "limit=4,page=1"}),
        ("B", {"page": 2}, {"paging": "limit=10,page=2"}),
        ("B", {"limit": 4, "page": 2}, {"paging": "limit=4,page=2"}),
        ("B", {"limit": 4, "extra_query": {"paging": "limit=-1,page=1"}}, {"paging": "limit=-1,page=1"}),
        ("C, an array", {"page": 2}, {"start": "100", "limit": "100"}),
        ("C, an array", {"start": 7, "limit": 5}, {"start": "7", "limit": "5"}),
        ("D, logs", {"page": 3}, {"operation": "query", "from": "20", "size": "10"}),
        ("D, logs", {"page": 3, "limit": 4}, {"operation": "query", "from": "8", "size": "4"}),
        ("C, repositories", {}, {"credentialId": "token", "pageNumber": "1", "pageSize": "100"}),
        ("C, repositories", {"limit": 5}, {"credentialId": "token", "pageNumber": "1", "pageSize": "5"}),
    ],
)
def test_the_keywords_are_written_as_the_server_reads_them(
    server: FakeServer, name: str, query: dict[str, Any], expected: dict[str, str]
) -> None:
    family = FAMILIES[name]
    server.answers["GET", family.path] = data([] if not family.counts else {})
    with KubeSphere(server.url, token=server.issue()) as ks:
        family.call(ks, **query)
    assert [dict(parse_qsl(one.query)) for one in server.seen] == [expected]


def test_a_total_that_jenkins_stopped_counting_at_is_no_end(server: FakeServer) -> None:
    family, every = FAMILIES["C, runs"], named(range(1250))
    server.answers["GET", family.path] = lambda seen: data(
        {"items": every[int(dict(parse_qsl(seen.query)).get("start", 0)) :][:500], "totalItems": 1000}
    )
    with KubeSphere(server.url, token=server.issue()) as ks:
        assert len(list(family.call(ks, limit=500))) == 1250
    assert len(server.seen) == 3


@pytest.mark.parametrize("name", ["B", "C, an array", "D, logs"])
def test_without_a_limit_the_servers_own_size_is_walked(server: FakeServer, name: str) -> None:
    family, size = FAMILIES[name], {"B": 10, "C, an array": 100, "D, logs": 10}[name]
    given = {"B": {"paging": f"limit={size},page=1"}, "C, an array": {"limit": size}, "D, logs": {"size": size}}[name]
    every = named(range(2 * size + 1))

    def answer(seen: Seen) -> Answer:
        query = {**given, **dict(parse_qsl(seen.query))}
        start, limit = family.window({key: str(value) for key, value in query.items()})
        return data(family.envelope(query, every[start : start + limit], len(every)))

    server.answers["GET", family.path] = answer
    with KubeSphere(server.url, token=server.issue()) as ks:
        assert len(list(family.call(ks))) == len(every)
    assert len(server.seen) == 3


@settings(deadline=None)
@given(
    family=st.sampled_from(["page", "paging", "start", "from", "pageNumber", "sort_metric", "continue"]),
    limit=st.one_of(st.none(), st.integers(1, 4)),
    sizes=st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 30)), min_size=1, max_size=20),
)
def test_a_walk_goes_on_only_behind_a_page_with_items(
    family: str, limit: int | None, sizes: list[tuple[int, int]]
) -> None:
    # Whatever a list says of itself from page to page, its next query differs from all before it.
    paging = paging_of(family)
    query = paging.asked({paging.limit: limit}, "a list")
    asked = [query]
    for number, (count, total) in enumerate(sizes):
        items = named(range(count))
        envelope: Any = {
            "page": {"items": items, "totalItems": total},
            "paging": {"items": items, "total_count": total},
            "start": items,
            "from": {"query": {"total": total, "records": items}},
            "pageNumber": {"repositories": {"items": items, "nextPage": total}},
            "sort_metric": {"results": items, "total_page": total},
            "continue": {"items": items, "metadata": {"continue": str(number) if total > 0 else ""}},
        }[family]
        following = paging.next(envelope, query)
        if following is None:
            return
        assert count > 0 or family == "continue"
        assert following not in asked
        asked.append(following)
        query = following


@pytest.mark.parametrize("total", [7, None, "many"])
def test_a_connection_that_breaks_before_the_end_is_an_error(server: FakeServer, total: Any) -> None:
    family = FAMILIES["B"]

    def answer(seen: Seen) -> Answer:
        first: Any = {"items": named(range(LIMIT)), "total_count": total}
        return data(first) if "page%3D1" in seen.query else Answer(drop=True)

    server.answers["GET", family.path] = answer

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
            async for _ in family.call(ks, limit=LIMIT):
                pass

    with KubeSphere(server.url, token=server.issue(), max_retries=0) as ks, pytest.raises(APIConnectionError):
        list(family.call(ks, limit=LIMIT))
    with pytest.raises(APIConnectionError):
        asyncio.run(run())


@pytest.mark.parametrize("name", ["A by way of v1alpha2", "B"])
def test_an_async_walk_of_a_list_that_shrinks_ends_where_the_connection_breaks(server: FakeServer, name: str) -> None:
    family, every = FAMILIES[name], [named(range(2 * LIMIT))]
    server.answers["GET", family.path] = family.answer(lambda: every[0])

    async def run() -> list[str]:
        async with AsyncKubeSphere(server.url, token=server.issue(), max_retries=0) as ks:
            shown = []
            async for page in family.call(ks, limit=LIMIT).pages():
                shown += names(page.items)
                every[0] = named(range(1))
            return shown

    assert asyncio.run(run()) == ["item-0", "item-1", "item-2"]
