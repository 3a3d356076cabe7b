"""Plain Kubernetes through the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubesphere_client import AsyncKubeSphere, InvalidArgumentError, KubeSphere, NotFoundError, models
from tests.client.fake_server import Answer, FakeServer, data, events, kubernetes_status, text

DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"
CONFIG_MAPS = "/api/v1/namespaces/shop/configmaps"
LOG = "/api/v1/namespaces/shop/pods/web-0/log"
FOOS = "/apis/example.io/v1/namespaces/shop/foos"


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, token=server.issue()) as client:
        yield client


def has_foos(server: FakeServer) -> None:
    """A custom resource that the package does not know, as /apis/<group>/<version> describes it (proxy-014-get)."""
    resources = [
        {"name": "foos", "singularName": "foo", "namespaced": True, "kind": "Foo", "verbs": ["get", "list"]},
        {"name": "foos/scale", "singularName": "", "namespaced": True, "kind": "Scale", "verbs": ["get"]},
    ]
    found = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "example.io/v1", "resources": resources}
    server.answers["GET", "/apis/example.io/v1"] = data(found)


def sent(server: FakeServer) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(server.seen[-1].body)
    return body


def deployment(name: str = "web") -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"replicas": 1, "newField": 7}}


def test_a_kind_leads_to_its_address_and_its_class(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", f"{DEPLOYMENTS}/web"] = data(deployment())
    server.answers["GET", f"{CONFIG_MAPS}/settings"] = data({"metadata": {"name": "settings"}, "data": {"a": "1"}})
    server.answers["GET", "/api/v1/nodes/n1"] = data({"metadata": {"name": "n1"}})

    by_class = ks.kubernetes.get(models.Deployment, "web", namespace="shop")
    assert by_class.spec is not None
    assert by_class.spec.replicas == 1
    assert by_class.to_dict() == deployment()
    assert isinstance(ks.kubernetes.get("Deployment", "web", namespace="shop"), models.Deployment)
    assert ks.kubernetes.get("ConfigMap", "settings", namespace="shop")["data"] == {"a": "1"}
    assert ks.kubernetes.get("Node", "n1").metadata.name == "n1"


def test_a_list_walks_its_pages_and_says_what_its_items_are(server: FakeServer, ks: KubeSphere) -> None:
    server.objects[DEPLOYMENTS] = [deployment(f"web-{number}") for number in range(5)]

    page = ks.kubernetes.list(models.Deployment, namespace="shop", limit=2, label_selector="app=web")

    assert [one.metadata.name for one in page] == [f"web-{number}" for number in range(5)]
    assert [(one.api_version, one.kind) for one in page.items] == [("apps/v1", "Deployment")] * 2
    assert page.items[0].to_dict() == {"apiVersion": "apps/v1", "kind": "Deployment", **deployment("web-0")}
    assert [one.query for one in server.calls(DEPLOYMENTS)] == [
        "labelSelector=app%3Dweb&limit=2",
        "labelSelector=app%3Dweb&limit=2&continue=2",
        "labelSelector=app%3Dweb&limit=2&continue=4",
    ]


def test_without_a_namespace_a_list_is_of_all_namespaces_and_a_get_is_refused(
    server: FakeServer, ks: KubeSphere
) -> None:
    server.answers["GET", "/api/v1/pods"] = data({"kind": "PodList", "metadata": {}, "items": [deployment()]})
    assert len(ks.kubernetes.list("Pod")) == 1
    before = len(server.seen)
    with pytest.raises(InvalidArgumentError, match=r"kubernetes.get: a Pod is in a namespace; name it with namespace="):
        ks.kubernetes.get("Pod", "web-0")
    with pytest.raises(InvalidArgumentError, match="a Node is in no namespace"):
        ks.kubernetes.get("Node", "n1", namespace="shop")
    assert len(server.seen) == before


def test_what_is_created_says_its_kind_though_the_object_need_not(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["POST", CONFIG_MAPS] = lambda seen: Answer(201, seen.body)  # recording proxy-046-post-cm
    metadata = models.ObjectMeta(name="settings", namespace="shop")

    made = ks.kubernetes.create(models.ConfigMap(metadata=metadata, data={"a": "1"}))
    assert made.data == {"a": "1"}
    assert sent(server)["apiVersion"] == "v1"
    assert sent(server)["kind"] == "ConfigMap"

    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}}
    ks.kubernetes.create(plain, namespace="shop", dry_run=True, field_manager="me")
    assert sent(server) == plain
    assert server.seen[-1].query == "dryRun=All&fieldManager=me"

    with pytest.raises(InvalidArgumentError, match="give it apiVersion and kind"):
        ks.kubernetes.create({"metadata": {"name": "x"}})
    with pytest.raises(InvalidArgumentError, match="of the namespace 'shop', not 'other'"):
        ks.kubernetes.create(made, namespace="other")


def test_an_item_of_a_list_can_be_changed_and_put_back(server: FakeServer, ks: KubeSphere) -> None:
    server.objects[DEPLOYMENTS] = [deployment()]
    server.answers["PUT", f"{DEPLOYMENTS}/web"] = lambda seen: Answer(200, seen.body)
    for item in ks.kubernetes.list(models.Deployment, namespace="shop"):
        assert item.spec is not None
        item.spec.replicas = 3
        assert ks.kubernetes.replace(item) == item
    assert sent(server)["spec"] == {"replicas": 3, "newField": 7}

    server.answers["PUT", f"{DEPLOYMENTS}/web/status"] = data(deployment())
    ks.kubernetes.replace(item, subresource="status")
    assert server.seen[-1].path == f"{DEPLOYMENTS}/web/status"


@pytest.mark.parametrize(
    ("body", "chosen", "media"),
    [
        ({"spec": {"paused": True}}, None, "application/merge-patch+json"),
        ([{"op": "remove", "path": "/spec/paused"}], None, "application/json-patch+json"),
        ({"spec": {}}, "application/strategic-merge-patch+json", "application/strategic-merge-patch+json"),
        ("kind: Deployment", "application/apply-patch+yaml", "application/apply-patch+yaml"),
    ],
)
def test_a_patch_is_a_merge_patch_unless_it_is_another(
    body: Any, chosen: Any, media: str, server: FakeServer, ks: KubeSphere
) -> None:
    server.answers["PATCH", f"{DEPLOYMENTS}/web"] = data(deployment())
    manager = "me" if media == "application/apply-patch+yaml" else None
    patched = ks.kubernetes.patch(
        models.Deployment, "web", body, namespace="shop", content_type=chosen, field_manager=manager
    )
    assert patched.metadata.name == "web"
    assert server.seen[-1].headers["content-type"] == media


def test_scale_patches_the_subresource(server: FakeServer, ks: KubeSphere) -> None:
    answer = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"}, "spec": {"replicas": 3}}
    server.answers["PATCH", f"{DEPLOYMENTS}/web/scale"] = data(answer)
    server.answers["GET", f"{DEPLOYMENTS}/web/scale"] = data(answer)

    scale = ks.kubernetes.scale("Deployment", "web", 3, namespace="shop")

    assert type(scale) is models.KubernetesObject
    assert scale.to_dict() == answer
    assert sent(server) == {"spec": {"replicas": 3}}
    got = ks.kubernetes.get(models.Deployment, "web", namespace="shop", subresource="scale")
    assert type(got) is models.KubernetesObject


def test_a_deletion_gives_a_status_or_the_object_that_is_going(server: FakeServer, ks: KubeSphere) -> None:
    path = f"{DEPLOYMENTS}/web"
    server.answers["DELETE", path] = data({"kind": "Status", "apiVersion": "v1", "status": "Success"})
    assert isinstance(ks.kubernetes.delete("Deployment", "web", namespace="shop"), models.Status)
    server.answers["DELETE", path] = data({"apiVersion": "apps/v1", "kind": "Deployment", **deployment()})
    going = ks.kubernetes.delete("Deployment", "web", namespace="shop", propagation_policy="Foreground")
    assert isinstance(going, models.Deployment)
    assert server.seen[-1].query == "propagationPolicy=Foreground"


def test_a_collection_is_deleted_in_one_namespace_only(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["DELETE", DEPLOYMENTS] = data({"kind": "DeploymentList", "metadata": {}, "items": [deployment()]})
    gone = ks.kubernetes.delete_collection(models.Deployment, namespace="shop", label_selector="app=web")
    assert [one.metadata.name for one in gone] == ["web"]
    assert server.seen[-1].query == "labelSelector=app%3Dweb"
    with pytest.raises(InvalidArgumentError, match=r"kubernetes.delete_collection: a Deployment is in a namespace"):
        ks.kubernetes.delete_collection(models.Deployment)


def test_a_watch_gives_typed_events(server: FakeServer, ks: KubeSphere) -> None:
    server.objects[DEPLOYMENTS] = [deployment()]
    added = {"type": "ADDED", "object": deployment()}
    server.answers["GET", DEPLOYMENTS] = Answer(chunks=events(added))
    with ks.kubernetes.watch(models.Deployment, name="web", namespace="shop", resource_version="7") as watch:
        event = next(iter(watch))
    assert isinstance(event.object, models.Deployment)
    assert (event.type, event.object.metadata.name, event.object.kind) == ("ADDED", "web", "Deployment")
    assert "fieldSelector=metadata.name%3Dweb" in server.calls(DEPLOYMENTS)[-1].query


def test_a_log_comes_whole_or_line_by_line(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", LOG] = text(200, "one\ntwo\n")  # recording proxy-032-get
    assert ks.kubernetes.logs("web-0", namespace="shop", tail_lines=2, container="app") == "one\ntwo\n"
    assert server.seen[-1].query == "container=app&tailLines=2"
    server.answers["GET", LOG] = Answer(media="text/plain", chunks=(b"on", b"e\ntwo\n"))  # proxy-044-log-follow
    assert list(ks.kubernetes.stream_logs("web-0", namespace="shop")) == ["one", "two"]
    assert server.seen[-1].query == "follow=true"
    server.answers["GET", LOG] = kubernetes_status(404, "NotFound", 'pods "web-0" not found')  # proxy-033-get
    with pytest.raises(NotFoundError, match='pods "web-0" not found'):
        list(ks.kubernetes.stream_logs("web-0", namespace="shop"))
    with pytest.raises(TypeError, match="lines"):
        ks.with_raw_response.kubernetes.stream_logs("web-0", namespace="shop")


def test_custom_resources_of_the_package_are_known(server: FakeServer, ks: KubeSphere) -> None:
    assert [one.kind for one in ks.kubernetes.list(models.Workspace)] == ["Workspace"] * 5
    assert server.seen[-1].path == "/apis/tenant.kubesphere.io/v1alpha1/workspaces"


def test_another_kind_is_asked_for_once(server: FakeServer, ks: KubeSphere) -> None:
    has_foos(server)
    server.objects[FOOS] = [{"metadata": {"name": "foo"}}]
    for _ in range(2):
        foos = ks.kubernetes.list("Foo", api_version="example.io/v1", namespace="shop")
        assert [(one.metadata.name, one.api_version) for one in foos] == [("foo", "example.io/v1")]
    assert len(server.calls("/apis/example.io/v1")) == 1
    with pytest.raises(InvalidArgumentError, match=r"example.io/v1 has no kind 'Bar'; it has Foo\."):
        ks.kubernetes.get("Bar", "b", namespace="shop", api_version="example.io/v1")


@pytest.mark.parametrize(
    ("kind", "api_version", "says"),
    [
        ("Foo", None, "the kind 'Foo' is not known; say where it is with api_version="),
        ("deployments", None, "is Deployment meant"),
        ("configmap", None, "is ConfigMap meant"),
        ("Foo", "v1", "'Foo' is not known in v1, and the server does not tell"),
        ("Foo", "../v1", "api_version is written as in"),
        (models.ObjectMeta, None, "ObjectMeta is not the class of a kind"),
    ],
)
def test_a_kind_that_cannot_be_found_is_refused(kind: Any, api_version: str | None, says: str, ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        ks.kubernetes.list(kind, api_version=api_version)


def test_a_version_that_only_the_server_knows_is_read_as_the_class_that_was_asked_for(
    server: FakeServer, ks: KubeSphere
) -> None:
    resources = [{"name": "ingresses", "singularName": "", "namespaced": True, "kind": "Ingress", "verbs": ["get"]}]
    server.answers["GET", "/apis/extensions/v1beta1"] = data({"kind": "APIResourceList", "resources": resources})
    path = "/apis/extensions/v1beta1/namespaces/shop/ingresses/web"
    server.answers["GET", path] = data({"metadata": {"name": "web"}})
    got = ks.kubernetes.get(models.Ingress, "web", namespace="shop", api_version="extensions/v1beta1")
    assert isinstance(got, models.Ingress)


def test_members_have_it_too_with_kinds_of_their_own(server: FakeServer, ks: KubeSphere) -> None:  # mc-012, mc-035
    server.answers["GET", "/api/clusters/member-1/v1/namespaces/shop/pods"] = data({"metadata": {}, "items": []})
    server.answers["GET", "/apis/clusters/member-1/apps/v1/deployments"] = data({"metadata": {}, "items": []})
    member = ks.on_cluster("member-1")
    assert len(member.kubernetes.list("Pod", namespace="shop")) == 0
    assert len(member.kubernetes.list("Deployment")) == 0


def test_views_give_raw_answers(server: FakeServer, ks: KubeSphere) -> None:
    has_foos(server)
    server.answers["GET", f"{FOOS}/foo"] = data({"metadata": {"name": "foo"}})
    answer = ks.with_raw_response.kubernetes.get("Foo", "foo", namespace="shop", api_version="example.io/v1")
    assert answer.status_code == 200
    assert answer.parse().metadata.name == "foo"


def test_async_clients_have_the_same(server: FakeServer) -> None:
    has_foos(server)
    server.objects[FOOS] = [{"metadata": {"name": f"foo-{number}"}} for number in range(3)]
    server.answers["GET", f"{DEPLOYMENTS}/web"] = data(deployment())
    server.answers["GET", LOG] = Answer(media="text/plain", chunks=(b"one\n", b"two\n"))

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            web = await ks.kubernetes.get(models.Deployment, "web", namespace="shop")
            assert web.metadata.name == "web"
            with pytest.raises(InvalidArgumentError, match=r"await ks.kubernetes.discover\('example.io/v1'\)"):
                ks.kubernetes.watch("Foo", api_version="example.io/v1")
            foos = ks.kubernetes.list("Foo", api_version="example.io/v1", namespace="shop", limit=2)
            assert [one.metadata.name async for one in foos] == ["foo-0", "foo-1", "foo-2"]
            ks.kubernetes.watch("Foo", api_version="example.io/v1")
            async with ks.kubernetes.stream_logs("web-0", namespace="shop") as log:
                assert [line async for line in log] == ["one", "two"]

    asyncio.run(run())
    assert len(server.calls("/apis/example.io/v1")) == 1
