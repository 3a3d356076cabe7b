"""Calls to member clusters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from kubesphere_client import (
    AsyncKubeSphere,
    ClientClosedError,
    ClusterNotFoundError,
    ClusterNotReadyError,
    ClusterUnreachableError,
    InvalidArgumentError,
    KubeSphere,
    NotFoundError,
    ServerError,
)
from tests.client.fake_server import Answer, FakeServer, data, text


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, username="admin", password="P@88w0rd") as client:
        yield client


MEMBER_NODES = "/kapis/clusters/member-1/resources.kubesphere.io/v1alpha3/nodes"


def test_the_cluster_comes_after_the_root_of_the_api(server: FakeServer, ks: KubeSphere) -> None:  # mc-031, mc-035
    server.answers["GET", MEMBER_NODES] = data({"items": [{"metadata": {"name": "far"}}], "totalItems": 1})
    member = ks.on_cluster("member-1")

    assert [node.metadata.name for node in member.resources.v1alpha3.list_cluster_resources("nodes")] == ["far"]
    assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5  # the host is still there

    for path in (
        "/apis/clusters/member-1/tenant.kubesphere.io/v1alpha1/workspaces",
        "/kapis/clusters/member-1/iam.kubesphere.io/v1alpha2/users",
    ):
        server.answers["GET", path] = data({"items": []})
    member.crd.tenant.v1alpha1.list_workspaces()
    member.iam.v1alpha2.list_users()
    server.answers["GET", "/api/clusters/member-1/v1/pods"] = data({"items": []})
    member.request("GET", "/api/v1/pods?limit=1")

    assert [seen.path for seen in server.seen[-3:]] == [
        "/apis/clusters/member-1/tenant.kubesphere.io/v1alpha1/workspaces",
        "/kapis/clusters/member-1/iam.kubesphere.io/v1alpha2/users",
        "/api/clusters/member-1/v1/pods",
    ]
    assert server.seen[-1].query == "limit=1"


def test_async_clients_have_members_too(server: FakeServer) -> None:
    server.answers["GET", MEMBER_NODES] = data({"items": [], "totalItems": 0})

    async def run() -> int:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            return len(await ks.on_cluster("member-1").resources.v1alpha3.list_cluster_resources("nodes"))

    assert asyncio.run(run()) == 0


def test_what_members_do_not_serve_is_refused(server: FakeServer, ks: KubeSphere) -> None:
    before = len(server.seen)
    with pytest.raises(InvalidArgumentError, match="/oauth/token is not served for a member cluster"):
        ks.on_cluster("member-1").oauth.issue_token({"grant_type": "password"})
    assert len(server.seen) == before


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError, match="on_cluster: name "):
        ks.on_cluster(name)


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (text(404, "cluster member-1 not found\n"), ClusterNotFoundError, "cluster member-1 not found"),  # mc-004-on
        (text(500, "cluster member-1 is not ready\n"), ClusterNotReadyError, "member-1 is not ready"),  # mc-006-on
        (Answer(502), ClusterUnreachableError, "the host cannot reach the cluster"),  # mc-038-on-ready
        (text(404, "404: Page Not Found"), NotFoundError, "the host may manage no member clusters"),  # mc-005-off
        (text(404, "404 page not found\n"), NotFoundError, "the host may manage no member clusters"),  # mc-007-off
        # What the member itself says, and what is said of another cluster.
        (text(500, 'namespace "zzz" not found\n'), NotFoundError, 'namespace "zzz" not found'),  # mc-037-on-ready
        (text(404, "cluster other not found\n"), NotFoundError, "cluster other not found"),
        (text(502, "Bad Gateway"), ServerError, "Bad Gateway"),
    ],
)
def test_what_keeps_a_call_from_a_cluster_is_told_apart(
    answer: Answer, error: type[Exception], says: str, server: FakeServer, ks: KubeSphere
) -> None:
    server.answers["GET", MEMBER_NODES] = answer
    member = ks.on_cluster("member-1").with_options(max_retries=0)
    with pytest.raises(error, match=says) as caught:
        member.resources.v1alpha3.list_cluster_resources("nodes")
    assert type(caught.value) is error


def test_the_words_about_a_cluster_mean_nothing_where_no_cluster_was_asked_for(
    server: FakeServer, ks: KubeSphere
) -> None:
    nodes = "/kapis/resources.kubesphere.io/v1alpha3/nodes"
    server.answers["GET", nodes] = text(404, "cluster member-1 not found\n")
    with pytest.raises(NotFoundError) as caught:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert type(caught.value) is NotFoundError


def test_a_cluster_is_told_apart_behind_a_path_and_by_request_too(server: FakeServer) -> None:
    server.answers["GET", "/ks/api/clusters/zzz/v1/pods"] = text(404, "cluster zzz not found\n")  # mc-010-on
    with (
        KubeSphere(f"{server.url}/ks", token=server.issue()) as ks,
        pytest.raises(ClusterNotFoundError),
    ):
        ks.request("GET", "/api/clusters/zzz/v1/pods")


def test_closing_a_member_leaves_the_host_open_and_not_the_other_way_round(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", MEMBER_NODES] = data({"items": [], "totalItems": 0})
    with ks.on_cluster("member-1") as member:
        member.resources.v1alpha3.list_cluster_resources("nodes")
    with pytest.raises(ClientClosedError):
        member.resources.v1alpha3.list_cluster_resources("nodes")
    other = ks.on_cluster("member-1")
    assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5
    ks.close()
    with pytest.raises(ClientClosedError):
        other.resources.v1alpha3.list_cluster_resources("nodes")
