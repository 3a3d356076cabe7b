"""Each family of lists is walked to its end with as many requests as it has pages, and never with one more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kubesphere_client import APIConnectionError, AsyncKubeSphere, KubeSphere
from kubesphere_client._paging import paging_of
from kubesphere_client.testing import FakeKubeSphere, ReceivedRequest

LIMIT = 3
DEVOPS = "/kapis/devops.kubesphere.io/v1alpha2"


@frozen
class Family:
    """How a family is asked and how the fake serves it; evidence/pagination.md §1.

    Attributes:
        path: an address that is a list of it.
        call: the list of a client, by keyword arguments.
        served: what `FakeKubeSphere.serve_list` calls it; None for a list of objects that the fake has itself.
        counts: whether the answer tells the total, and where it does not, whether it names the next page.
    """

    path: str
    call: Callable[..., Any]
    served: Any
    counts: bool | str = True

    def pages(self, count: int) -> int:
        """How many requests a walk takes: an array without a total ends with a page that is not full."""
        return max(1, -(-count // LIMIT)) if self.counts else count // LIMIT + 1

    def total(self, count: int) -> int | None:
        return count if self.counts is True else None

    def fill(self, fake: FakeKubeSphere, count: int) -> None:
        """Let the list have so many items, whatever it had before."""
        every = names(count)
        if self.served == "E":
            rows = [{"metric": {"node": name}, "value": [1, "1"]} for name in every]
            metric = {"metric_name": "node_cpu_usage", "data": {"resultType": "vector", "result": rows}}
            fake.serve_list(self.path, [metric], family="E")
        elif self.served is not None:
            fake.serve_list(self.path, [{"name": name} for name in every], family=self.served)
        else:
            had = {one["metadata"]["name"] for one in fake.objects("globalroles")}
            for name in had.difference(every):
                fake.remove("globalroles", name)
            for name in every:
                if name not in had:
                    fake.add("globalroles", name)


def names(count: int) -> list[str]:
    return [f"item-{number:02}" for number in range(count)]


def shown(items: Any) -> list[str]:
    found = []
    for item in items:
        plain = item if isinstance(item, dict) else item.to_dict()
        rows = plain["data"]["result"] if "data" in plain else [plain]
        found += [
            one.get("name") or (one["metric"]["node"] if "metric" in one else one["metadata"]["name"]) for one in rows
        ]
    return found


FAMILIES = {
    "A": Family(
        "/kapis/iam.kubesphere.io/v1alpha2/users",
        lambda ks, **keywords: ks.iam.v1alpha2.list_users(**keywords),
        "A",
    ),
    "A by way of v1alpha2": Family(
        "/kapis/resources.kubesphere.io/v1alpha3/secrets",
        lambda ks, **keywords: ks.resources.v1alpha3.list_cluster_resources("secrets", **keywords),
        "A'",
    ),
    "B": Family(
        "/kapis/openpitrix.io/v1/apps",
        lambda ks, **keywords: ks.openpitrix.v1.list_apps(**keywords),
        "B",
    ),
    "B'": Family(
        "/kapis/devops.kubesphere.io/v1alpha3/devops/project/pipelines",
        lambda ks, **keywords: ks.devops.v1alpha3.list_devops_pipelines("project", **keywords),
        "B'",
    ),
    "C, an array": Family(
        f"{DEVOPS}/devops/project/pipelines/pipeline/branches",
        lambda ks, **keywords: ks.devops.v1alpha2.list_branches("project", "pipeline", **keywords),
        "C",
        counts=False,
    ),
    "C, runs": Family(
        f"{DEVOPS}/devops/project/pipelines/pipeline/runs",
        lambda ks, **keywords: ks.devops.v1alpha2.list_runs("project", "pipeline", **keywords),
        "C runs",
    ),
    "C, search": Family(
        f"{DEVOPS}/search",
        lambda ks, **keywords: ks.devops.v1alpha2.search_pipelines(q="type:pipeline", **keywords),
        "C search",
    ),
    "C, repositories": Family(
        f"{DEVOPS}/scms/github/organizations/kubesphere/repositories",
        lambda ks, **keywords: ks.devops.v1alpha2.list_scm_repositories(
            "github", "kubesphere", credential_id="token", **keywords
        ),
        "repositories",
        counts="next",
    ),
    "D, logs": Family(
        "/kapis/tenant.kubesphere.io/v1alpha2/logs",
        lambda ks, **keywords: ks.tenant.v1alpha2.list_logs(**keywords),
        "D",
    ),
    "D, audit events": Family(
        "/kapis/tenant.kubesphere.io/v1alpha2/auditing/events",
        lambda ks, **keywords: ks.tenant.v1alpha2.list_audit_events(**keywords),
        "D",
    ),
    "E": Family(
        "/kapis/monitoring.kubesphere.io/v1alpha3/nodes",
        lambda ks, **keywords: ks.monitoring.v1alpha3.rank_node_metrics(sort_metric="node_cpu_usage", **keywords),
        "E",
    ),
    "F": Family(
        "/apis/iam.kubesphere.io/v1alpha2/globalroles",
        lambda ks, **keywords: ks.crd.iam.v1alpha2.list_global_roles(**keywords),
        None,
    ),
}
every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
every_count = pytest.mark.parametrize("count", [0, 1, LIMIT, LIMIT + 1, 10 * LIMIT])


@pytest.fixture
def fake() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere() as fake:
        yield fake


@pytest.fixture
def ks(fake: FakeKubeSphere) -> Iterator[KubeSphere]:
    with KubeSphere(fake.url, token=fake.issue_token(), max_retries=0) as ks:
        yield ks


def asked(fake: FakeKubeSphere, family: Family) -> list[dict[str, str]]:
    return [one.parameters for one in fake.requests_to(family.path)]


@every_family
@every_count
def test_a_walk_asks_for_every_page_once(fake: FakeKubeSphere, ks: KubeSphere, family: Family, count: int) -> None:
    family.fill(fake, count)
    page = family.call(ks, limit=LIMIT)
    assert shown(page.items) == names(count)[:LIMIT]
    assert page.total_items == family.total(count)
    assert shown(page) == names(count)
    assert len(asked(fake, family)) == family.pages(count)


@every_family
@every_count
def test_an_async_walk_asks_for_every_page_once(fake: FakeKubeSphere, family: Family, count: int) -> None:
    family.fill(fake, count)

    async def run() -> tuple[list[str], int, list[str]]:
        async with AsyncKubeSphere(fake.url, token=fake.issue_token(), max_retries=0) as ks:
            found = [item async for item in family.call(ks, limit=LIMIT)]
            pages = len(asked(fake, family))
            return shown(found), pages, shown((await family.call(ks, limit=LIMIT)).items)

    assert asyncio.run(run()) == (names(count), family.pages(count), names(count)[:LIMIT])


@pytest.mark.parametrize(
    "family", [one for key, one in FAMILIES.items() if key != "F"], ids=[key for key in FAMILIES if key != "F"]
)
def test_a_walk_begins_at_any_page(fake: FakeKubeSphere, ks: KubeSphere, family: Family) -> None:
    family.fill(fake, 10 * LIMIT)
    assert shown(family.call(ks, limit=LIMIT, page=4)) == names(10 * LIMIT)[3 * LIMIT :]
    assert len(asked(fake, family)) == family.pages(10 * LIMIT) - 3


@every_family
@pytest.mark.parametrize("then", [0, 1, LIMIT, LIMIT + 1, 2 * LIMIT, 5 * LIMIT])
def test_a_list_that_changes_while_it_is_walked_ends(
    fake: FakeKubeSphere, ks: KubeSphere, family: Family, then: int
) -> None:
    family.fill(fake, 2 * LIMIT + 1)
    walk = iter(family.call(ks, limit=LIMIT).pages())
    found = shown(next(walk).items)
    family.fill(fake, then)
    for page in walk:
        found += shown(page.items)
    assert found == names(max(then, LIMIT))


@pytest.mark.parametrize("name", ["A by way of v1alpha2", "B", "B'"])
def test_past_the_end_these_lists_close_the_connection(fake: FakeKubeSphere, ks: KubeSphere, name: str) -> None:
    # So the walks above would have failed, had they asked for one page too many.
    family = FAMILIES[name]
    family.fill(fake, LIMIT)
    with pytest.raises(APIConnectionError):
        family.call(ks, limit=LIMIT, page=3)


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
    fake: FakeKubeSphere, ks: KubeSphere, name: str, query: dict[str, Any], expected: dict[str, str]
) -> None:
    family = FAMILIES[name]
    family.fill(fake, 100)
    family.call(ks, **query)
    assert asked(fake, family) == [expected]


def test_a_total_that_jenkins_stopped_counting_at_is_no_end(fake: FakeKubeSphere, ks: KubeSphere) -> None:
    family = FAMILIES["C, runs"]
    family.fill(fake, 1250)
    assert len(list(family.call(ks, limit=500))) == 1250
    assert len(asked(fake, family)) == 3


@pytest.mark.parametrize(("name", "size"), [("B", 10), ("C, an array", 100), ("D, logs", 10)])
def test_without_a_limit_the_servers_own_size_is_walked(
    fake: FakeKubeSphere, ks: KubeSphere, name: str, size: int
) -> None:
    family = FAMILIES[name]
    family.fill(fake, 2 * size + 1)
    assert len(list(family.call(ks))) == 2 * size + 1
    assert len(asked(fake, family)) == 3


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
        items = [{"name": f"item-{one}"} for one in range(count)]
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
def test_a_connection_that_breaks_before_the_end_is_an_error(fake: FakeKubeSphere, ks: KubeSphere, total: Any) -> None:
    family = FAMILIES["B"]
    first = {"items": [{"name": name} for name in names(LIMIT)], "total_count": total}
    fake.answer("GET", family.path, 200, first)

    def is_second(request: ReceivedRequest) -> bool:
        return request.path == family.path and request.parameters["paging"].endswith("page=2")

    fake.break_next(is_second, "closed", times=None)

    async def run() -> None:
        async with AsyncKubeSphere(fake.url, token=fake.issue_token(), max_retries=0) as ks:
            async for _ in family.call(ks, limit=LIMIT):
                pass

    with pytest.raises(APIConnectionError):
        list(family.call(ks, limit=LIMIT))
    with pytest.raises(APIConnectionError):
        asyncio.run(run())


@pytest.mark.parametrize("name", ["A by way of v1alpha2", "B"])
def test_an_async_walk_of_a_list_that_shrinks_ends_where_the_connection_breaks(fake: FakeKubeSphere, name: str) -> None:
    family = FAMILIES[name]
    family.fill(fake, 3 * LIMIT)

    async def run() -> list[str]:
        async with AsyncKubeSphere(fake.url, token=fake.issue_token(), max_retries=0) as ks:
            found = []
            async for page in family.call(ks, limit=LIMIT).pages():
                found += shown(page.items)
                family.fill(fake, 1)
            return found

    assert asyncio.run(run()) == names(LIMIT)
