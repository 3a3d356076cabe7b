"""One store behind all views of the fake: Kubernetes' own, KubeSphere's, and those of member clusters."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kubesphere_client import testing
from kubesphere_client.testing import FakeKubeSphere, Family
from tests.client.raw_http import Got, send

RESOURCES = "/kapis/resources.kubesphere.io"
TENANT = "/kapis/tenant.kubesphere.io/v1alpha2"
IAM = "/kapis/iam.kubesphere.io/v1alpha2"
CONFIGMAPS = "/api/v1/namespaces/shop/configmaps"
MERGE = {"Content-Type": "application/merge-patch+json"}
STEPS = {"Content-Type": "application/json-patch+json"}


@pytest.fixture
def fake() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere(settle_reads=1) as fake:
        yield fake


def names(got: Got) -> list[str]:
    return [item["metadata"]["name"] for item in got.json()["items"]]


def config(name: str = "settings", **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **more}, "data": {"a": "1"}}


def test_an_object_is_in_every_view(fake: FakeKubeSphere) -> None:
    fake.add("deployments", "web", namespace="shop")
    for path in (
        "/apis/apps/v1/deployments",
        "/apis/apps/v1/namespaces/shop/deployments",
        f"{RESOURCES}/v1alpha3/deployments",
        f"{RESOURCES}/v1alpha3/namespaces/shop/deployments",
        f"{RESOURCES}/v1alpha2/namespaces/shop/deployments",
    ):
        assert names(send(fake, "GET", path)) == ["web"]
    assert send(fake, "GET", "/apis/apps/v1/namespaces/shop/deployments/web").json()["kind"] == "Deployment"
    assert "kind" not in send(fake, "GET", f"{RESOURCES}/v1alpha3/namespaces/shop/deployments/web").json()


def test_a_kind_of_ones_own_is_served_where_it_says(fake: FakeKubeSphere) -> None:
    fake.add("example.io/v1/widgets", {"kind": "Widget", "metadata": {"name": "one"}}, namespace="shop")
    widgets = send(fake, "GET", "/apis/example.io/v1/namespaces/shop/widgets").json()
    assert (widgets["kind"], widgets["apiVersion"], len(widgets["items"])) == ("WidgetList", "example.io/v1", 1)
    assert send(fake, "GET", "/apis/example.io/v2/widgets").text == "404 page not found\n"


def test_what_a_group_has_can_be_asked(fake: FakeKubeSphere) -> None:
    fake.add("metrics.k8s.io/v1beta1/nodes", {"kind": "NodeMetrics", "metadata": {"name": "node-1"}})
    (found,) = send(fake, "GET", "/apis/metrics.k8s.io/v1beta1").json()["resources"]
    assert (found["name"], found["kind"], found["namespaced"]) == ("nodes", "NodeMetrics", False)
    kinds = {one["kind"] for one in send(fake, "GET", "/apis/apps/v1").json()["resources"]}
    assert kinds >= {"Deployment", "StatefulSet", "DaemonSet"}
    assert send(fake, "GET", "/api/v1").text == "404 page not found\n"


def test_a_kind_that_is_not_known_must_be_named_in_full(fake: FakeKubeSphere) -> None:
    with pytest.raises(ValueError, match="Name it as group/version/plural"):
        fake.add("widgets", "one")
    with pytest.raises(ValueError, match="live in no namespace"):
        fake.add("nodes", "one", namespace="shop")
    fake.add("nodes", "one")
    with pytest.raises(LookupError):
        fake.add("nodes", "one")


def test_an_object_goes_through_its_life_in_kubernetes(fake: FakeKubeSphere) -> None:
    assert send(fake, "POST", CONFIGMAPS, config()).status == 404  # there is no such namespace
    fake.add("namespaces", "shop")
    created = send(fake, "POST", CONFIGMAPS, config())
    assert (created.status, send(fake, "POST", CONFIGMAPS, config()).json()["reason"]) == (201, "AlreadyExists")

    one = f"{CONFIGMAPS}/settings"
    assert send(fake, "PATCH", one, {"data": {"b": "2"}}, MERGE).json()["data"] == {"a": "1", "b": "2"}
    step = [{"op": "remove", "path": "/data/a"}, {"op": "add", "path": "/data/c~1d", "value": "3"}]
    assert send(fake, "PATCH", one, step, STEPS).json()["data"] == {"b": "2", "c/d": "3"}
    assert send(fake, "PATCH", one, {}, {"Content-Type": "application/json"}).status == 415

    stale = send(fake, "PUT", one, created.json())
    assert (stale.status, stale.json()["reason"]) == (409, "Conflict")
    current = send(fake, "GET", one).json()
    assert send(fake, "PUT", one, {**current, "data": {}}).json()["data"] == {}

    assert send(fake, "DELETE", one).json()["status"] == "Success"
    assert send(fake, "DELETE", one).json()["message"] == 'configmaps "settings" not found'


def test_a_dry_run_changes_nothing(fake: FakeKubeSphere) -> None:
    fake.add("namespaces", "shop")
    assert send(fake, "POST", f"{CONFIGMAPS}?dryRun=All", config()).status == 201
    assert fake.objects("configmaps") == []


def test_an_applied_object_is_made_and_then_changed(fake: FakeKubeSphere) -> None:
    fake.add("namespaces", "shop")
    apply = {"Content-Type": "application/apply-patch+yaml"}
    assert send(fake, "PATCH", f"{CONFIGMAPS}/settings", config(), apply).status == 201
    changed = {**config(), "data": {"b": "2"}}
    assert send(fake, "PATCH", f"{CONFIGMAPS}/settings", changed, apply).json()["data"] == {"a": "1", "b": "2"}


def test_a_collection_is_deleted_by_its_labels(fake: FakeKubeSphere) -> None:
    for number, app in enumerate(["web", "web", "cart"]):
        fake.add("configmaps", config(f"c-{number}", labels={"app": app}), namespace="shop")
    assert names(send(fake, "DELETE", f"{CONFIGMAPS}?labelSelector=app+in+(web)")) == ["c-0", "c-1"]
    assert [one["metadata"]["name"] for one in fake.objects("configmaps")] == ["c-2"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("app=web", ["a"]),
        ("app!=web", ["b", "c"]),
        ("app", ["a", "b"]),
        ("!app", ["c"]),
        ("app in (web,cart)", ["a", "b"]),
        ("app notin (web)", ["b", "c"]),
        ("app,tier=front", ["a"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_label_selectors(fake: FakeKubeSphere, selector: str, expected: list[str]) -> None:
    labels = {"a": {"app": "web", "tier": "front"}, "b": {"app": "cart"}, "c": {}}
    for name, one in labels.items():
        fake.add("configmaps", config(name, labels=one), namespace="shop")
    encoded = selector.replace(" ", "+")
    assert names(send(fake, "GET", f"{CONFIGMAPS}?labelSelector={encoded}")) == expected
    both = f"{RESOURCES}/v1alpha3/configmaps?ascending=true&labelSelector={encoded}"
    assert names(send(fake, "GET", both)) == expected


def test_a_long_list_comes_in_parts_with_tokens_that_expire(fake: FakeKubeSphere) -> None:
    for number in range(5):
        fake.add("nodes", f"node-{number}")
    first = send(fake, "GET", "/api/v1/nodes?limit=2").json()
    assert first["metadata"]["remainingItemCount"] == 3
    token = first["metadata"]["continue"]
    second = send(fake, "GET", f"/api/v1/nodes?limit=2&continue={token}")
    assert names(second) == ["node-2", "node-3"]
    last = send(fake, "GET", f"/api/v1/nodes?limit=2&continue={second.json()['metadata']['continue']}")
    assert (names(last), "continue" in last.json()["metadata"]) == (["node-4"], False)
    fake.compact()
    expired = send(fake, "GET", f"/api/v1/nodes?limit=2&continue={token}")
    assert (expired.status, expired.json()["reason"]) == (410, "Expired")


@pytest.mark.parametrize("count", [0, 1, 3, 4, 30])
def test_family_a_is_walked_to_its_end_and_is_empty_past_it(fake: FakeKubeSphere, count: int) -> None:
    for number in range(count):
        fake.add("nodes", f"node-{number:02}")
    seen: list[str] = []
    for page in range(1, count // 3 + 2):
        got = send(fake, "GET", f"{RESOURCES}/v1alpha3/nodes?limit=3&page={page}&sortBy=name&ascending=true")
        assert got.json()["totalItems"] == count
        seen += names(got)
    assert seen == [f"node-{number:02}" for number in range(count)]
    assert send(fake, "GET", f"{RESOURCES}/v1alpha3/nodes?limit=3&page=99").json() == {"items": [], "totalItems": count}


@pytest.mark.parametrize(
    "path",
    [f"{RESOURCES}/v1alpha2/nodes?paging=limit%3D2,page%3D{{}}", f"{RESOURCES}/v1alpha3/secrets?limit=2&page={{}}"],
)
def test_other_lists_close_the_connection_past_their_end(fake: FakeKubeSphere, path: str) -> None:
    for number in range(3):
        fake.add("nodes", f"node-{number}")
        fake.add("secrets", f"secret-{number}", namespace="shop")
    assert [len(names(send(fake, "GET", path.format(page)))) for page in (1, 2)] == [2, 1]
    for page in (0, 3):
        with pytest.raises(ConnectionError):
            send(fake, "GET", path.format(page))


def test_an_unknown_query_key_gives_an_empty_list(fake: FakeKubeSphere) -> None:
    fake.add("nodes", "node-0")
    assert send(fake, "GET", f"{RESOURCES}/v1alpha3/nodes?fieldSelector=x").json() == {"items": [], "totalItems": 0}


@pytest.mark.parametrize(
    ("family", "query", "expected"),
    [
        ("A", "limit=2&page=2", {"items": [{"n": 2}, {"n": 3}], "totalItems": 5}),
        ("B", "paging=limit%3D2,page%3D3", {"items": [{"n": 4}], "total_count": 5}),
        ("B'", "paging=limit%3D2,page%3D1", {"items": [{"n": 0}, {"n": 1}], "totalItems": 5}),
        ("C", "start=3&limit=10", [{"n": 3}, {"n": 4}]),
        ("C runs", "start=4&limit=2", {"items": [{"n": 4}], "totalItems": 5}),
        ("C search", "start=1&limit=1", {"items": [{"n": 1}], "total_count": 5}),
        ("A'", "page=2&limit=3", {"items": [{"n": 3}, {"n": 4}], "totalItems": 5}),
        ("D", "from=4&size=2", {"query": {"total": 5, "records": [{"n": 4}]}}),
        ("D", "operation=histogram", {"histogram": {"total": 5, "histograms": None}}),
        (
            "repositories",
            "pageNumber=2&pageSize=2",
            {"repositories": {"items": [{"n": 2}, {"n": 3}], "pageSize": 2, "nextPage": 3, "lastPage": 3}},
        ),
        ("array", "limit=1", [{"n": number} for number in range(5)]),
    ],
)
def test_a_list_of_each_family_at_any_path(fake: FakeKubeSphere, family: Family, query: str, expected: Any) -> None:
    fake.serve_list("/kapis/mine", [{"n": number} for number in range(5)], family=family)
    assert send(fake, "GET", f"/kapis/mine?{query}").json() == expected


def test_metrics_come_in_pages_of_what_they_measure_once_they_are_sorted(fake: FakeKubeSphere) -> None:
    rows = [{"metric": {"node": f"node-{number}"}} for number in range(5)]
    metric = {"metric_name": "m", "data": {"resultType": "vector", "result": rows}}
    fake.serve_list("/kapis/mine", [metric], family="E")
    assert send(fake, "GET", "/kapis/mine?limit=2").json() == {"results": [metric]}
    page = send(fake, "GET", "/kapis/mine?sort_metric=m&limit=2&page=3").json()
    assert page.pop("results")[0]["data"]["result"] == rows[4:]
    assert page == {"page": 3, "total_page": 3, "total_item": 5}


def test_a_deleted_user_goes_after_a_moment(fake: FakeKubeSphere) -> None:
    fake.add_user("jane", "secret")
    one = f"{IAM}/users/jane"
    assert send(fake, "DELETE", one).json() == {"message": "success"}
    assert send(fake, "DELETE", one).status == 200  # it is still there
    assert "deletionTimestamp" in send(fake, "GET", one).json()["metadata"]
    send(fake, "GET", one)
    gone = send(fake, "GET", one)
    assert (gone.status, gone.text) == (500, 'user.iam.kubesphere.io "jane" not found\n')


def test_a_workspace_brings_its_roles_and_takes_its_projects_with_it(fake: FakeKubeSphere) -> None:
    assert send(fake, "POST", f"{TENANT}/workspaces", {"metadata": {"name": "demo"}}).status == 200
    assert names(send(fake, "GET", "/apis/tenant.kubesphere.io/v1alpha1/workspaces")) == ["demo"]
    roles = sorted(names(send(fake, "GET", f"{IAM}/workspaces/demo/workspaceroles")))
    assert roles == ["demo-admin", "demo-regular", "demo-self-provisioner", "demo-viewer"]

    assert send(fake, "POST", f"{TENANT}/workspaces/demo/namespaces", {"metadata": {"name": "shop"}}).status == 200
    again = send(fake, "POST", f"{TENANT}/workspaces/demo/namespaces", {"metadata": {"name": "shop"}})
    assert (again.status, again.text) == (400, 'namespaces "shop" already exists\n')
    assert names(send(fake, "GET", f"{TENANT}/workspaces/demo/namespaces")) == ["shop"]

    assert send(fake, "DELETE", f"{TENANT}/workspaces/demo").status == 200
    fake.settle()
    assert send(fake, "GET", f"{TENANT}/workspaces/demo").status == 404
    assert fake.objects("namespaces") == fake.objects("workspaces") == fake.objects("workspaceroles") == []


def test_members_have_roles(fake: FakeKubeSphere) -> None:
    fake.add("workspacetemplates", "demo")
    fake.add_user("jane", "secret")
    members = f"{IAM}/workspaces/demo/workspacemembers"
    jane = {"username": "jane", "roleRef": "demo-viewer"}
    assert send(fake, "POST", members, [jane]).json() == [jane]
    assert send(fake, "POST", members, [{**jane, "roleRef": "none"}]).status == 404
    role = send(fake, "GET", f"{members}/jane").json()["metadata"]["annotations"]["iam.kubesphere.io/workspacerole"]
    assert role == "demo-viewer"
    assert send(fake, "PUT", f"{members}/jane", {**jane, "roleRef": "demo-admin"}).status == 200
    roles = send(fake, "GET", f"{members}/jane/workspaceroles").json()
    assert [one["metadata"]["name"] for one in roles] == ["demo-admin"]
    assert send(fake, "DELETE", f"{members}/jane").status == 200
    assert send(fake, "GET", members).json()["totalItems"] == 0


def test_devops_projects_want_a_generated_name_and_credentials_want_annotations(fake: FakeKubeSphere) -> None:
    fake.add("workspacetemplates", "demo")
    projects = "/kapis/devops.kubesphere.io/v1alpha3/workspaces/demo/devops"
    assert send(fake, "POST", projects, {"metadata": {"name": "build"}}).status == 400
    name = send(fake, "POST", projects, {"metadata": {"generateName": "build-"}}).json()["metadata"]["name"]
    assert name.startswith("build-")
    inside = f"/kapis/devops.kubesphere.io/v1alpha3/devops/{name}"
    assert send(fake, "POST", f"{inside}/pipelines", {"metadata": {"name": "release"}}).status == 200
    assert names(send(fake, "GET", f"{inside}/pipelines?paging=limit%3D5,page%3D1")) == ["release"]
    with pytest.raises(ConnectionError):
        send(fake, "POST", f"{inside}/credentials", {"metadata": {"name": "token"}})


def test_member_clusters_have_objects_of_their_own_and_their_own_failures(fake: FakeKubeSphere) -> None:
    nodes = "/kapis/clusters/{}/resources.kubesphere.io/v1alpha3/nodes"
    assert send(fake, "GET", nodes.format("member-1")).text == "404: Page Not Found"
    fake.add("nodes", "host-node")
    fake.add_cluster("member-1").add("nodes", "member-node")
    fake.add_cluster("member-2", state="not-ready")
    fake.add_cluster("member-3", state="unreachable")
    assert names(send(fake, "GET", nodes.format("host"))) == ["host-node"]
    assert names(send(fake, "GET", nodes.format("member-1"))) == ["member-node"]
    assert names(send(fake, "GET", "/api/clusters/member-1/v1/nodes")) == ["member-node"]
    assert send(fake, "GET", "/apis/clusters/member-1/apps/v1/deployments").json()["items"] == []
    unknown, unready, dead = (send(fake, "GET", nodes.format(name)) for name in ("zzz", "member-2", "member-3"))
    assert (unknown.status, unknown.text) == (404, "cluster zzz not found\n")
    assert (unready.status, unready.text) == (500, "cluster member-2 is not ready\n")
    assert (dead.status, dead.text) == (502, "")
    fake.set_cluster_state("member-2", "ready")
    assert send(fake, "GET", nodes.format("member-2")).status == 200


def test_files_go_down_and_up(fake: FakeKubeSphere) -> None:
    path = "/kapis/devops.kubesphere.io/v1alpha2/namespaces/shop/s2ibinaries/app/file/app.jar"
    fake.serve_file(path, b"\x00old")
    assert send(fake, "GET", path).body == b"\x00old"
    assert send(fake, "PUT", path, b"\xffnew").status == 200
    assert fake.file(path) == b"\xffnew"


def test_anything_can_be_answered_and_what_was_asked_is_kept(fake: FakeKubeSphere) -> None:
    fake.answer("POST", "/kapis/mine", 201, {"a": 1}, headers={"X-Mine": "yes"})
    got = send(fake, "POST", "/kapis/mine?b=2", {"c": 3})
    assert (got.status, got.json(), got.headers["X-Mine"]) == (201, {"a": 1}, "yes")
    (request,) = fake.requests_to("/kapis/mine", method="POST")
    assert (request.parameters, request.json(), request.headers["content-type"]) == (
        {"b": "2"},
        {"c": 3},
        "application/json",
    )
    fake.forget_requests()
    assert fake.requests == []


@pytest.mark.parametrize("path", ["/kapis/mine", "/kapis/monitoring.kubesphere.io/v1alpha3/cluster", "/kapis"])
def test_what_is_not_known_is_not_found(fake: FakeKubeSphere, path: str) -> None:
    got = send(fake, "GET", path)
    assert (got.status, got.text) == (404, "404: Page Not Found")


def test_the_demo_world_has_what_the_pages_speak_of() -> None:
    with FakeKubeSphere.demo() as fake:
        assert names(send(fake, "GET", f"{TENANT}/workspaces")) == ["demo"]
        assert names(send(fake, "GET", f"{TENANT}/workspaces/demo/namespaces")) == ["shop"]
        for kind in ("pods", "deployments", "services"):
            assert send(fake, "GET", f"{RESOURCES}/v1alpha3/namespaces/shop/{kind}").json()["totalItems"] >= 2
        assert len(names(send(fake, "GET", "/kapis/clusters/member-1/resources.kubesphere.io/v1alpha3/nodes"))) == 3
        json.dumps(fake.objects("pods"))


def test_it_must_run_to_have_an_address() -> None:
    fake = FakeKubeSphere()
    with pytest.raises(RuntimeError, match="not running"):
        print(fake.url)
    with fake, pytest.raises(RuntimeError, match="running already"):
        fake.start()


def test_it_serves_with_the_standard_library_alone() -> None:
    folder = Path(str(testing.__file__)).parent
    facts = ("_api", "_kinds")  # what the release is called, where it has what, and its kinds; they import nothing
    for module in (*(folder.parent / f"{name}.py" for name in facts), *folder.glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                own = name.startswith("kubesphere_client.testing") or name in {
                    f"kubesphere_client.{fact}" for fact in facts
                }
                assert own or name.partition(".")[0] in sys.stdlib_module_names, f"{module.name} imports {name}"
